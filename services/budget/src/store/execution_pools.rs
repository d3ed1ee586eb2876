use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::SettlementMonth;

use super::execution_months::MonthRow;
use super::held;
use super::schema::execution_pools;
use crate::domain::execution::{PooledMonth, SettledMonth};
use crate::domain::key::BudgetKey;

/// A settled month of a kind of care that a pool pays, as `settlement` told it.
#[derive(Insertable)]
#[diesel(table_name = execution_pools)]
pub(crate) struct PooledRow {
    pub(crate) area: String,
    pub(crate) fund_year: i32,
    pub(crate) fund_line: String,
    pub(crate) institution_code: String,
    pub(crate) settlement_month: NaiveDate,
    pub(crate) kind_of_care: String,
    pub(crate) district: String,
    pub(crate) n_admissions: i64,
    pub(crate) cost_fen: i64,
    pub(crate) refused_fen: i64,
    pub(crate) payable_fen: i64,
}

type SettledRow = (String, NaiveDate, String, i64, i64, i64);

/// Lists a district's settled months of pools.
pub(crate) async fn list(conn: &mut AsyncPgConnection, key: &BudgetKey) -> QueryResult<Vec<PooledMonth>> {
    let of_key = execution_pools::area
        .eq(key.area.as_str())
        .and(execution_pools::fund_year.eq(key.fund_year.get()))
        .and(execution_pools::fund_line.eq(key.fund_line.as_str()))
        .and(execution_pools::district.eq(key.district.as_str()));
    let rows: Vec<SettledRow> = execution_pools::table
        .filter(of_key)
        .order((
            execution_pools::settlement_month,
            execution_pools::institution_code,
            execution_pools::kind_of_care,
        ))
        .select((
            execution_pools::institution_code,
            execution_pools::settlement_month,
            execution_pools::kind_of_care,
            execution_pools::n_admissions,
            execution_pools::cost_fen,
            execution_pools::payable_fen,
        ))
        .load(conn)
        .await?;
    let settled = rows.into_iter().map(|(code, month, care, n_admissions, cost, payable)| PooledMonth {
        care: held(care.parse()),
        settled: SettledMonth {
            institution: held(code.parse()),
            month: SettlementMonth::of(month),
            n_admissions,
            cost: Fen::new(cost),
            payable: Fen::new(payable),
        },
    });
    Ok(settled.collect())
}

/// Writes the pools of an institution's settled month, in the place of an earlier settlement of it.
///
/// - `month`: the rest of the month's settlement.
pub(crate) async fn replace(
    conn: &mut AsyncPgConnection,
    month: &MonthRow,
    rows: &[PooledRow],
) -> QueryResult<()> {
    let before = execution_pools::area
        .eq(&month.area)
        .and(execution_pools::fund_year.eq(month.fund_year))
        .and(execution_pools::fund_line.eq(&month.fund_line))
        .and(execution_pools::institution_code.eq(&month.institution_code))
        .and(execution_pools::settlement_month.eq(month.settlement_month));
    diesel::delete(execution_pools::table.filter(before)).execute(conn).await?;
    diesel::insert_into(execution_pools::table).values(rows).execute(conn).await?;
    Ok(())
}

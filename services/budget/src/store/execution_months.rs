use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::SettlementMonth;

use super::held;
use super::schema::execution_months;
use crate::domain::execution::SettledMonth;
use crate::domain::key::BudgetKey;

/// A settled month as `settlement` told it.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = execution_months)]
#[diesel(primary_key(area, fund_year, fund_line, institution_code, settlement_month))]
pub(crate) struct MonthRow {
    pub(crate) area: String,
    pub(crate) fund_year: i32,
    pub(crate) fund_line: String,
    pub(crate) institution_code: String,
    pub(crate) settlement_month: NaiveDate,
    pub(crate) district: String,
    pub(crate) n_admissions: i64,
    pub(crate) cost_fen: i64,
    pub(crate) refused_fen: i64,
    pub(crate) payable_fen: i64,
    pub(crate) paid_fen: i64,
    pub(crate) deferred_fen: i64,
}

type SettledRow = (String, NaiveDate, i64, i64, i64);

/// Lists a district's settled months.
pub(crate) async fn list(conn: &mut AsyncPgConnection, key: &BudgetKey) -> QueryResult<Vec<SettledMonth>> {
    let of_key = execution_months::area
        .eq(key.area.as_str())
        .and(execution_months::fund_year.eq(key.fund_year.get()))
        .and(execution_months::fund_line.eq(key.fund_line.as_str()))
        .and(execution_months::district.eq(key.district.as_str()));
    let rows: Vec<SettledRow> = execution_months::table
        .filter(of_key)
        .order((execution_months::settlement_month, execution_months::institution_code))
        .select((
            execution_months::institution_code,
            execution_months::settlement_month,
            execution_months::n_admissions,
            execution_months::cost_fen,
            execution_months::payable_fen,
        ))
        .load(conn)
        .await?;
    let settled = rows.into_iter().map(|(code, month, n_admissions, cost, payable)| SettledMonth {
        institution: held(code.parse()),
        month: SettlementMonth::of(month),
        n_admissions,
        cost: Fen::new(cost),
        payable: Fen::new(payable),
    });
    Ok(settled.collect())
}

/// Writes a settled month, in the place of an earlier settlement of it.
pub(crate) async fn put(conn: &mut AsyncPgConnection, row: &MonthRow) -> QueryResult<()> {
    diesel::insert_into(execution_months::table)
        .values(row)
        .on_conflict((
            execution_months::area,
            execution_months::fund_year,
            execution_months::fund_line,
            execution_months::institution_code,
            execution_months::settlement_month,
        ))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::{Area, District, FundLine, FundYear, InstitutionCode, SettlementMonth};
use serde::{Deserialize, Serialize};

use super::columns::{PoolMonths, Trees};
use super::schema::statements;
use crate::domain::methods::Prepaid;
use crate::domain::{StatementMethod, StatementState};

/// The name of the amount that a payment per capita bears of referrals.
pub(crate) const REFERRAL: &str = "referralFen";

/// A statement.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = statements)]
pub(crate) struct StatementRow {
    pub(crate) area: Area,
    pub(crate) statement_id: String,
    pub(crate) fund_year: FundYear,
    pub(crate) fund_line: FundLine,
    pub(crate) district: District,
    pub(crate) institution_code: InstitutionCode,
    pub(crate) settlement_month: SettlementMonth,
    pub(crate) method: StatementMethod,
    pub(crate) n_admissions: i64,
    pub(crate) n_persons: i64,
    pub(crate) n_visits: i64,
    pub(crate) days: i64,
    pub(crate) cost_fen: Fen,
    pub(crate) method_fen: Fen,
    pub(crate) prepaid_total_fen: Fen,
    pub(crate) prepaid_cost_fen: Fen,
    pub(crate) refused_fen: Fen,
    pub(crate) refusal_carried_fen: Fen,
    pub(crate) payable_fen: Fen,
    pub(crate) paid_fen: Fen,
    pub(crate) deferred_fen: Fen,
    pub(crate) outside_quota_fen: Fen,
    pub(crate) deposit_forfeited_fen: Fen,
    pub(crate) kept_back_fen: Fen,
    pub(crate) order_fen: Fen,
    pub(crate) state: StatementState,
    pub(crate) dispute_reason: String,
    pub(crate) dispute_answer: String,
    pub(crate) payment_order: Option<String>,
    pub(crate) derivations: Trees,
    pub(crate) version: i64,
    pub(crate) pools: PoolMonths,
}

impl StatementRow {
    /// What the month bears of the cost of patients referred: no column of its own, for few have any.
    pub(crate) fn referral(&self) -> Fen {
        self.derivations.0.get(REFERRAL).map(|tree| tree.root.amount()).unwrap_or_default()
    }
}

/// Inserts what is new.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, rows: &[StatementRow]) -> QueryResult<()> {
    for chunk in rows.chunks(1_000) {
        diesel::insert_into(statements::table).values(chunk).execute(conn).await?;
    }
    Ok(())
}

/// Reads a statement.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    statement_id: &str,
) -> QueryResult<Option<StatementRow>> {
    let found = statements::table.find((area.as_str(), statement_id));
    found.select(StatementRow::as_select()).first(conn).await.optional()
}

/// Reads a statement and locks its row until the transaction ends.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    statement_id: &str,
) -> QueryResult<Option<StatementRow>> {
    let found = statements::table.find((area.as_str(), statement_id));
    found.select(StatementRow::as_select()).for_update().first(conn).await.optional()
}

/// Stores what people did with a statement; its amounts never change.
pub(crate) async fn update(conn: &mut AsyncPgConnection, row: &StatementRow) -> QueryResult<()> {
    diesel::update(statements::table.find((&row.area, &row.statement_id)))
        .set((
            statements::state.eq(row.state),
            statements::dispute_reason.eq(&row.dispute_reason),
            statements::dispute_answer.eq(&row.dispute_answer),
            statements::payment_order.eq(&row.payment_order),
            statements::version.eq(row.version),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Lists a fund year's statements, of one month of it or of all, after `after`, by id.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
    month: Option<SettlementMonth>,
    after: &str,
    limit: i64,
) -> QueryResult<Vec<StatementRow>> {
    let mut all = statements::table
        .filter(statements::area.eq(area.as_str()))
        .filter(statements::fund_year.eq(fund_year.get()))
        .filter(statements::statement_id.gt(after.to_owned()))
        .into_boxed();
    if let Some(month) = month {
        all = all.filter(statements::settlement_month.eq(month.first_day()));
    }
    all.order(statements::statement_id).limit(limit).select(StatementRow::as_select()).load(conn).await
}

/// What the year as a whole looks at in a statement.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = statements)]
pub(crate) struct MonthSums {
    pub(crate) fund_line: FundLine,
    pub(crate) institution_code: InstitutionCode,
    pub(crate) district: District,
    pub(crate) settlement_month: SettlementMonth,
    pub(crate) n_admissions: i64,
    pub(crate) n_visits: i64,
    pub(crate) cost_fen: Fen,
    pub(crate) prepaid_total_fen: Fen,
    pub(crate) prepaid_cost_fen: Fen,
    pub(crate) refusal_carried_fen: Fen,
    pub(crate) payable_fen: Fen,
    pub(crate) paid_fen: Fen,
    pub(crate) deferred_fen: Fen,
    pub(crate) pools: PoolMonths,
}

/// What months have of prepaid totals, together.
pub(crate) fn prepaid(months: &[MonthSums]) -> Prepaid {
    Prepaid {
        total: months.iter().map(|month| month.prepaid_total_fen).sum(),
        cost: months.iter().map(|month| month.prepaid_cost_fen).sum(),
    }
}

/// Lists the sums of all statements of a fund year, by month, fund line and institution.
pub(crate) async fn list_year(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<MonthSums>> {
    statements::table
        .filter(statements::area.eq(area))
        .filter(statements::fund_year.eq(fund_year))
        .order((statements::settlement_month, statements::fund_line, statements::institution_code))
        .select(MonthSums::as_select())
        .load(conn)
        .await
}

/// Lists a month's statements that can be paid and are not, locked, by id.
pub(crate) async fn lock_payable(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
) -> QueryResult<Vec<StatementRow>> {
    statements::table
        .filter(statements::area.eq(area.as_str()))
        .filter(statements::settlement_month.eq(month.first_day()))
        .filter(statements::state.eq_any([StatementState::Confirmed, StatementState::Answered]))
        .filter(statements::payment_order.is_null())
        .filter(statements::order_fen.gt(Fen::ZERO))
        .order(statements::statement_id)
        .select(StatementRow::as_select())
        .for_update()
        .load(conn)
        .await
}

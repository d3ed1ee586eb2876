use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::{Area, FundLine, FundYear, InstitutionCode, SettlementMonth};
use serde::{Deserialize, Serialize};

use super::schema::refusals;

/// A refusal of an inspection.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = refusals)]
pub(crate) struct RefusalRow {
    pub(crate) area: Area,
    pub(crate) inspection: String,
    pub(crate) fund_year: FundYear,
    pub(crate) fund_line: FundLine,
    pub(crate) institution_code: InstitutionCode,
    pub(crate) settlement_month: SettlementMonth,
    pub(crate) sample_violating_fen: Fen,
    pub(crate) sampling_rate: String,
    pub(crate) refused_fen: Fen,
    pub(crate) taken_month: Option<SettlementMonth>,
}

/// Keeps a refusal, unless it is known.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, row: &RefusalRow) -> QueryResult<()> {
    diesel::insert_into(refusals::table).values(row).on_conflict_do_nothing().execute(conn).await?;
    Ok(())
}

/// Lists the refusals of a fund year that wait to be taken from a month up to `month`, by inspection.
pub(crate) async fn waiting(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
    month: SettlementMonth,
) -> QueryResult<Vec<RefusalRow>> {
    refusals::table
        .filter(refusals::area.eq(area.as_str()))
        .filter(refusals::fund_year.eq(fund_year.get()))
        .filter(refusals::settlement_month.le(month.first_day()))
        .filter(refusals::taken_month.is_null())
        .order(refusals::inspection)
        .select(RefusalRow::as_select())
        .load(conn)
        .await
}

/// Notes that refusals were taken from a month.
pub(crate) async fn update_taken(
    conn: &mut AsyncPgConnection,
    area: &Area,
    inspections: &[String],
    month: SettlementMonth,
) -> QueryResult<()> {
    let taken = refusals::table
        .filter(refusals::area.eq(area.as_str()))
        .filter(refusals::inspection.eq_any(inspections));
    diesel::update(taken).set(refusals::taken_month.eq(month.first_day())).execute(conn).await?;
    Ok(())
}

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::{Area, FundYear, SettlementMonth};
use serde::{Deserialize, Serialize};

use super::schema::month_settlements;
use crate::domain::Manifest;
use crate::domain::RunState;

/// A run that settles a month.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = month_settlements, treat_none_as_null = true)]
pub(crate) struct MonthSettlementRow {
    pub(crate) area: Area,
    pub(crate) settlement_month: SettlementMonth,
    pub(crate) fund_year: FundYear,
    pub(crate) state: RunState,
    pub(crate) manifest: Manifest,
    pub(crate) n_statements: i64,
    pub(crate) payable_fen: Fen,
    pub(crate) create_time: DateTime<Utc>,
    pub(crate) finish_time: Option<DateTime<Utc>>,
}

/// Inserts a run unless its month has one.
pub(crate) async fn insert_missing(
    conn: &mut AsyncPgConnection,
    row: &MonthSettlementRow,
) -> QueryResult<()> {
    diesel::insert_into(month_settlements::table).values(row).on_conflict_do_nothing().execute(conn).await?;
    Ok(())
}

/// Reads a run.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
) -> QueryResult<Option<MonthSettlementRow>> {
    let found = month_settlements::table.find((area.as_str(), month.first_day()));
    found.select(MonthSettlementRow::as_select()).first(conn).await.optional()
}

/// Reads a run and locks its row until the transaction ends.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
) -> QueryResult<Option<MonthSettlementRow>> {
    let found = month_settlements::table.find((area.as_str(), month.first_day()));
    found.select(MonthSettlementRow::as_select()).for_update().first(conn).await.optional()
}

/// Stores that a run is finished.
pub(crate) async fn update(conn: &mut AsyncPgConnection, row: &MonthSettlementRow) -> QueryResult<()> {
    let found = month_settlements::table.find((&row.area, row.settlement_month));
    diesel::update(found).set(row).execute(conn).await?;
    Ok(())
}

/// Lists the runs of every area that are not finished, as area and month.
pub(crate) async fn running(conn: &mut AsyncPgConnection) -> QueryResult<Vec<(Area, SettlementMonth)>> {
    month_settlements::table
        .filter(month_settlements::state.eq(RunState::Running))
        .order((month_settlements::area, month_settlements::settlement_month))
        .select((month_settlements::area, month_settlements::settlement_month))
        .load(conn)
        .await
}

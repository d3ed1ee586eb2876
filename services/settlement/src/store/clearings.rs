use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, District, FundLine, FundYear};
use serde::{Deserialize, Serialize};

use super::schema::clearings;
use crate::domain::accounts::Pot;
use crate::domain::clearing::ClearingState;
use crate::domain::clearing::Totals;

/// A clearing.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = clearings, treat_none_as_null = true)]
pub(crate) struct ClearingRow {
    pub(crate) area: Area,
    pub(crate) fund_year: FundYear,
    pub(crate) fund_line: FundLine,
    pub(crate) district: District,
    pub(crate) state: ClearingState,
    pub(crate) plan: Totals,
    pub(crate) decision: Option<String>,
    pub(crate) proposer: String,
    pub(crate) approver: Option<String>,
    pub(crate) version: i64,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &ClearingRow) -> QueryResult<()> {
    diesel::insert_into(clearings::table)
        .values(row)
        .on_conflict((clearings::area, clearings::fund_year, clearings::fund_line, clearings::district))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Inserts what is new.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, row: &ClearingRow) -> QueryResult<()> {
    diesel::insert_into(clearings::table).values(row).execute(conn).await?;
    Ok(())
}

/// Reads a clearing.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    pot: &Pot,
) -> QueryResult<Option<ClearingRow>> {
    let found = clearings::table.find((area, pot.fund_year, &pot.fund_line, &pot.district));
    found.select(ClearingRow::as_select()).first(conn).await.optional()
}

/// Reads a clearing; it does not change until the transaction ends.
pub(crate) async fn lock_shared(
    conn: &mut AsyncPgConnection,
    area: &Area,
    pot: &Pot,
) -> QueryResult<Option<ClearingRow>> {
    let found = clearings::table.find((area, pot.fund_year, &pot.fund_line, &pot.district));
    found.select(ClearingRow::as_select()).for_share().first(conn).await.optional()
}

/// Reads a clearing and locks its row until the transaction ends.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    pot: &Pot,
) -> QueryResult<Option<ClearingRow>> {
    let found = clearings::table.find((area, pot.fund_year, &pot.fund_line, &pot.district));
    found.select(ClearingRow::as_select()).for_update().first(conn).await.optional()
}

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::Area;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::schema::clearings;

/// A clearing.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = clearings, treat_none_as_null = true)]
pub(crate) struct ClearingRow {
    pub(crate) area: String,
    pub(crate) fund_year: i32,
    pub(crate) fund_line: String,
    pub(crate) district: String,
    pub(crate) state: String,
    pub(crate) plan: Value,
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
    key: (i32, &str, &str),
) -> QueryResult<Option<ClearingRow>> {
    let found = clearings::table.find((area.as_str(), key.0, key.1, key.2));
    found.select(ClearingRow::as_select()).first(conn).await.optional()
}

/// Reads a clearing and locks its row until the transaction ends.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    key: (i32, &str, &str),
) -> QueryResult<Option<ClearingRow>> {
    let found = clearings::table.find((area.as_str(), key.0, key.1, key.2));
    found.select(ClearingRow::as_select()).for_update().first(conn).await.optional()
}

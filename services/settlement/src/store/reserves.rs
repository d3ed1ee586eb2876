use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, FundYear};
use serde::{Deserialize, Serialize};

use super::schema::reserves;

/// The reserve for overspend.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = reserves)]
pub(crate) struct ReserveRow {
    pub(crate) area: String,
    pub(crate) fund_year: i32,
    pub(crate) fund_line: String,
    pub(crate) district: String,
    pub(crate) reserve_fen: i64,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &ReserveRow) -> QueryResult<()> {
    diesel::insert_into(reserves::table)
        .values(row)
        .on_conflict((reserves::area, reserves::fund_year, reserves::fund_line, reserves::district))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads the reserve for overspend of an open clearing.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
    fund_line: &str,
    district: &str,
) -> QueryResult<Option<i64>> {
    let found = reserves::table.find((area.as_str(), fund_year.get(), fund_line, district));
    found.select(reserves::reserve_fen).first(conn).await.optional()
}

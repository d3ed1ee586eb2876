use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::Area;
use serde::{Deserialize, Serialize};

use super::schema::packs;

/// A policy pack.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = packs)]
pub(crate) struct PackRow {
    pub(crate) area: Area,
    pub(crate) pack_hash: String,
    pub(crate) pack_id: String,
    pub(crate) content: Vec<u8>,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &PackRow) -> QueryResult<()> {
    diesel::insert_into(packs::table)
        .values(row)
        .on_conflict((packs::area, packs::pack_hash))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads a pack's bytes.
pub(crate) async fn content(
    conn: &mut AsyncPgConnection,
    area: &Area,
    pack_hash: &str,
) -> QueryResult<Option<Vec<u8>>> {
    packs::table.find((area.as_str(), pack_hash)).select(packs::content).first(conn).await.optional()
}

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::Area;
use serde::{Deserialize, Serialize};

use super::schema::drg_contents;
use crate::domain::DrgKind;

/// A compiled scheme or a published tariff.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = drg_contents)]
pub(crate) struct DrgContentRow {
    pub(crate) area: Area,
    pub(crate) kind: DrgKind,
    pub(crate) content_hash: String,
    pub(crate) content: Vec<u8>,
}

/// Inserts what is not known; bytes of a hash never change.
pub(crate) async fn insert_missing(conn: &mut AsyncPgConnection, row: &DrgContentRow) -> QueryResult<()> {
    diesel::insert_into(drg_contents::table).values(row).on_conflict_do_nothing().execute(conn).await?;
    Ok(())
}

/// Reads the bytes of a hash.
pub(crate) async fn content(
    conn: &mut AsyncPgConnection,
    area: &Area,
    kind: DrgKind,
    content_hash: &str,
) -> QueryResult<Option<Vec<u8>>> {
    let found = drg_contents::table.find((area, kind, content_hash));
    found.select(drg_contents::content).first(conn).await.optional()
}

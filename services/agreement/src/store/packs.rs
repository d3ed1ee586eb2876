use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_policy::{Pack, PackHash};
use medfund_types::Area;

use super::schema::packs;

/// Keeps a pack; one that is there already is the same, by its hash.
pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    area: &Area,
    pack: &Pack,
    content: &[u8],
) -> Result<(), DbError> {
    diesel::insert_into(packs::table)
        .values((
            packs::area.eq(area.as_str()),
            packs::pack_hash.eq(PackHash::of(content).to_string()),
            packs::pack_id.eq(pack.id()),
            packs::content.eq(content),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether a pack is kept for the area.
pub(crate) async fn exists(
    conn: &mut AsyncPgConnection,
    area: &Area,
    pack_hash: &str,
) -> Result<bool, DbError> {
    let found = packs::table.find((area.as_str(), pack_hash));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn).await?)
}

/// The bytes of a pack.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    pack_hash: &str,
) -> Result<Option<Vec<u8>>, DbError> {
    let found = packs::table.find((area.as_str(), pack_hash)).select(packs::content);
    Ok(found.first(conn).await.optional()?)
}

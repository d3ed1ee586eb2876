use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::Area;

use super::schema::packs;
use super::{Word, held};
use crate::domain::pack::{Pack, PackHash, PackState};

impl Word for PackState {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::Submitted, "submitted"), (Self::Published, "published")];
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = packs)]
struct PackRow {
    area: String,
    pack_hash: String,
    pack_id: String,
    state: String,
    maker: String,
    checker: Option<String>,
    create_time: DateTime<Utc>,
    publish_time: Option<DateTime<Utc>>,
}

impl From<PackRow> for Pack {
    fn from(row: PackRow) -> Self {
        Self {
            area: held(row.area.parse()),
            hash: held(row.pack_hash.parse()),
            pack_id: row.pack_id,
            state: Word::from_word(&row.state),
            maker: row.maker,
            checker: row.checker,
            create_time: row.create_time,
            publish_time: row.publish_time,
        }
    }
}

/// What packs are listed by.
pub(crate) type PackKey = (DateTime<Utc>, String);

/// Reads a pack without its bytes.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    hash: &PackHash,
) -> QueryResult<Option<Pack>> {
    let found = packs::table.find((area.as_str(), hash.as_str())).select(PackRow::as_select());
    Ok(found.first(conn).await.optional()?.map(Pack::from))
}

/// Reads a pack and locks its row until the caller's transaction ends.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    hash: &PackHash,
) -> QueryResult<Option<Pack>> {
    let found = packs::table.find((area.as_str(), hash.as_str())).select(PackRow::as_select()).for_update();
    Ok(found.first(conn).await.optional()?.map(Pack::from))
}

/// Whether the area has a pack.
pub(crate) async fn exists(conn: &mut AsyncPgConnection, area: &Area, hash: &PackHash) -> QueryResult<bool> {
    let found = packs::table.find((area.as_str(), hash.as_str())).select(packs::pack_hash);
    Ok(found.first::<String>(conn).await.optional()?.is_some())
}

/// Reads a pack's bytes.
pub(crate) async fn content(
    conn: &mut AsyncPgConnection,
    area: &Area,
    hash: &PackHash,
) -> QueryResult<Option<Vec<u8>>> {
    packs::table.find((area.as_str(), hash.as_str())).select(packs::content).first(conn).await.optional()
}

/// Lists packs by submission time, then hash.
///
/// - `after`: the key of the last one already seen.
/// - `limit`: the most to list.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    after: Option<PackKey>,
    limit: usize,
) -> QueryResult<Vec<Pack>> {
    let mut query = packs::table.filter(packs::area.eq(area.as_str())).into_boxed();
    if let Some((time, hash)) = after {
        let later = packs::create_time.gt(time);
        query = query.filter(later.or(packs::create_time.eq(time).and(packs::pack_hash.gt(hash))));
    }
    let rows: Vec<PackRow> = query
        .order((packs::create_time, packs::pack_hash))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(PackRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Pack::from).collect())
}

/// Writes a new pack with its bytes.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, pack: &Pack, content: &[u8]) -> QueryResult<()> {
    diesel::insert_into(packs::table)
        .values((
            packs::area.eq(pack.area.as_str()),
            packs::pack_hash.eq(pack.hash.as_str()),
            packs::pack_id.eq(&pack.pack_id),
            packs::content.eq(content),
            packs::state.eq(pack.state.word()),
            packs::maker.eq(&pack.maker),
            packs::create_time.eq(pack.create_time),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes that a pack was published; its bytes are never written again.
pub(crate) async fn update(conn: &mut AsyncPgConnection, pack: &Pack) -> QueryResult<()> {
    diesel::update(packs::table.find((pack.area.as_str(), pack.hash.as_str())))
        .set((
            packs::state.eq(pack.state.word()),
            packs::checker.eq(&pack.checker),
            packs::publish_time.eq(pack.publish_time),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::Area;

use super::schema::schemes;
use super::{Page, read};
use crate::domain::scheme::{Published, Scheme, SchemeHash};

#[derive(Queryable, Selectable)]
#[diesel(table_name = schemes)]
struct SchemeRow {
    area: String,
    scheme_hash: String,
    scheme_id: String,
    n_mdcs: i32,
    n_adrgs: i32,
    n_drgs: i32,
    maker: String,
    checker: Option<String>,
    create_time: DateTime<Utc>,
    publish_time: Option<DateTime<Utc>>,
}

fn from_row(row: SchemeRow) -> Result<Scheme, DbError> {
    let published = row.checker.zip(row.publish_time);
    Ok(Scheme {
        area: read(row.area)?,
        hash: read(row.scheme_hash)?,
        scheme_id: row.scheme_id,
        counts: [row.n_mdcs, row.n_adrgs, row.n_drgs],
        maker: row.maker,
        create_time: row.create_time,
        published: published.map(|(checker, time)| Published { checker, time }),
    })
}

/// What schemes are listed by.
pub(crate) type SchemeKey = (DateTime<Utc>, String);

/// Reads a scheme without its bytes.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    hash: &SchemeHash,
) -> Result<Option<Scheme>, DbError> {
    let found = schemes::table.find((area.as_str(), hash.as_str())).select(SchemeRow::as_select());
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Reads a scheme and locks its row until the caller's transaction ends.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    hash: &SchemeHash,
) -> Result<Option<Scheme>, DbError> {
    let found =
        schemes::table.find((area.as_str(), hash.as_str())).select(SchemeRow::as_select()).for_update();
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Reads a scheme's bytes.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn content(
    conn: &mut AsyncPgConnection,
    area: &Area,
    hash: &SchemeHash,
) -> Result<Option<Vec<u8>>, DbError> {
    let found = schemes::table.find((area.as_str(), hash.as_str())).select(schemes::content);
    Ok(found.first(conn).await.optional()?)
}

/// Lists schemes by submission time, then hash, one more than the page holds.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    page: &Page<SchemeKey>,
) -> Result<Vec<Scheme>, DbError> {
    let mut query = schemes::table.filter(schemes::area.eq(area.as_str())).into_boxed();
    if let Some((time, hash)) = page.after.clone() {
        let later = schemes::create_time.gt(time);
        query = query.filter(later.or(schemes::create_time.eq(time).and(schemes::scheme_hash.gt(hash))));
    }
    let rows = query
        .order((schemes::create_time, schemes::scheme_hash))
        .limit(page.limit())
        .select(SchemeRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// Writes a new scheme with its bytes; `false` if it is there already.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    scheme: &Scheme,
    content: &[u8],
) -> Result<bool, DbError> {
    let [n_mdcs, n_adrgs, n_drgs] = scheme.counts;
    let n_made = diesel::insert_into(schemes::table)
        .values((
            schemes::area.eq(scheme.area.as_str()),
            schemes::scheme_hash.eq(scheme.hash.as_str()),
            schemes::scheme_id.eq(&scheme.scheme_id),
            schemes::n_mdcs.eq(n_mdcs),
            schemes::n_adrgs.eq(n_adrgs),
            schemes::n_drgs.eq(n_drgs),
            schemes::content.eq(content),
            schemes::maker.eq(&scheme.maker),
            schemes::create_time.eq(scheme.create_time),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(n_made == 1)
}

/// Writes that a scheme was published; its bytes are never written again.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn update(conn: &mut AsyncPgConnection, scheme: &Scheme) -> Result<(), DbError> {
    let published = scheme.published.as_ref();
    diesel::update(schemes::table.find((scheme.area.as_str(), scheme.hash.as_str())))
        .set((
            schemes::checker.eq(published.map(|published| &published.checker)),
            schemes::publish_time.eq(published.map(|published| published.time)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

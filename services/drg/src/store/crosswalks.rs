use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::Area;

use super::schema::crosswalks;
use super::{Page, read};
use crate::domain::crosswalk::{Crosswalk, CrosswalkHash};
use crate::domain::scheme::Published;

#[derive(Queryable, Selectable)]
#[diesel(table_name = crosswalks)]
struct CrosswalkRow {
    area: String,
    crosswalk_hash: String,
    title: String,
    n_diagnoses: i32,
    n_procedures: i32,
    maker: String,
    checker: Option<String>,
    create_time: DateTime<Utc>,
    publish_time: Option<DateTime<Utc>>,
}

fn from_row(row: CrosswalkRow) -> Result<Crosswalk, DbError> {
    let published = row.checker.zip(row.publish_time);
    Ok(Crosswalk {
        area: read(row.area)?,
        hash: read(row.crosswalk_hash)?,
        title: row.title,
        counts: [row.n_diagnoses, row.n_procedures],
        maker: row.maker,
        create_time: row.create_time,
        published: published.map(|(checker, time)| Published { checker, time }),
    })
}

/// What crosswalks are listed by.
pub(crate) type CrosswalkKey = (DateTime<Utc>, String);

/// Reads a crosswalk without its pairs.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    hash: &CrosswalkHash,
) -> Result<Option<Crosswalk>, DbError> {
    let found = crosswalks::table.find((area.as_str(), hash.as_str())).select(CrosswalkRow::as_select());
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Reads a crosswalk and locks its row until the caller's transaction ends.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    hash: &CrosswalkHash,
) -> Result<Option<Crosswalk>, DbError> {
    let found =
        crosswalks::table.find((area.as_str(), hash.as_str())).select(CrosswalkRow::as_select()).for_update();
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Reads a crosswalk's pairs.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn content(
    conn: &mut AsyncPgConnection,
    area: &Area,
    hash: &CrosswalkHash,
) -> Result<Option<String>, DbError> {
    let found = crosswalks::table.find((area.as_str(), hash.as_str())).select(crosswalks::content);
    Ok(found.first(conn).await.optional()?)
}

/// Lists crosswalks by submission time, then hash, one more than the page holds.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    page: &Page<CrosswalkKey>,
) -> Result<Vec<Crosswalk>, DbError> {
    let mut query = crosswalks::table.filter(crosswalks::area.eq(area.as_str())).into_boxed();
    if let Some((time, hash)) = page.after.clone() {
        let later = crosswalks::create_time.gt(time);
        query =
            query.filter(later.or(crosswalks::create_time.eq(time).and(crosswalks::crosswalk_hash.gt(hash))));
    }
    let rows = query
        .order((crosswalks::create_time, crosswalks::crosswalk_hash))
        .limit(page.limit())
        .select(CrosswalkRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// Writes a new crosswalk with its pairs; `false` if it is there already.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    crosswalk: &Crosswalk,
    content: &str,
) -> Result<bool, DbError> {
    let [n_diagnoses, n_procedures] = crosswalk.counts;
    let n_made = diesel::insert_into(crosswalks::table)
        .values((
            crosswalks::area.eq(crosswalk.area.as_str()),
            crosswalks::crosswalk_hash.eq(crosswalk.hash.as_str()),
            crosswalks::title.eq(&crosswalk.title),
            crosswalks::n_diagnoses.eq(n_diagnoses),
            crosswalks::n_procedures.eq(n_procedures),
            crosswalks::content.eq(content),
            crosswalks::maker.eq(&crosswalk.maker),
            crosswalks::create_time.eq(crosswalk.create_time),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(n_made == 1)
}

/// Writes that a crosswalk was published; its pairs are never written again.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn update(conn: &mut AsyncPgConnection, crosswalk: &Crosswalk) -> Result<(), DbError> {
    let published = crosswalk.published.as_ref();
    diesel::update(crosswalks::table.find((crosswalk.area.as_str(), crosswalk.hash.as_str())))
        .set((
            crosswalks::checker.eq(published.map(|published| &published.checker)),
            crosswalks::publish_time.eq(published.map(|published| published.time)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_money::Fen;
use medfund_types::Area;
use uuid::Uuid;

use super::schema::histories;
use super::{Page, digest, read};
use crate::domain::history::{Counts, History};
use crate::domain::scheme::SchemeHash;

#[derive(Queryable, Selectable)]
#[diesel(table_name = histories)]
struct HistoryRow {
    area: String,
    history_id: Uuid,
    scheme_hash: String,
    file_digest: Vec<u8>,
    n_lines: i64,
    finished: bool,
    n_accepted: i64,
    n_refused: i64,
    n_errors: i64,
    total_cost_fen: i64,
    content_digest: Vec<u8>,
    create_time: DateTime<Utc>,
    update_time: DateTime<Utc>,
    cancelled: bool,
}

fn from_row(row: HistoryRow) -> Result<History, DbError> {
    let HistoryRow { n_accepted, n_refused, n_errors, total_cost_fen, .. } = row;
    Ok(History {
        area: read(row.area)?,
        id: row.history_id,
        scheme: read(row.scheme_hash)?,
        file_digest: digest(&row.file_digest)?,
        n_lines: row.n_lines,
        finished: row.finished,
        cancelled: row.cancelled,
        counts: Counts { n_accepted, n_refused, n_errors, total_cost: Fen::new(total_cost_fen) },
        content_digest: digest(&row.content_digest)?,
        create_time: row.create_time,
        update_time: row.update_time,
    })
}

/// What histories are listed by.
pub(crate) type HistoryKey = (DateTime<Utc>, Uuid);

/// Reads a history.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<History>, DbError> {
    let found = histories::table.find((area.as_str(), id)).select(HistoryRow::as_select());
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Reads a history and locks its row until the caller's transaction ends.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<History>, DbError> {
    let found = histories::table.find((area.as_str(), id)).select(HistoryRow::as_select()).for_update();
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Reads the history of a file, unless it was given up.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find_file(
    conn: &mut AsyncPgConnection,
    area: &Area,
    scheme: &SchemeHash,
    file_digest: &[u8; 32],
) -> Result<Option<History>, DbError> {
    let found = histories::table
        .filter(histories::area.eq(area.as_str()))
        .filter(histories::scheme_hash.eq(scheme.as_str()))
        .filter(histories::file_digest.eq(file_digest.as_slice()))
        .filter(histories::cancelled.eq(false))
        .select(HistoryRow::as_select());
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Lists histories by the time they were started, then id, one more than the page holds.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    page: &Page<HistoryKey>,
) -> Result<Vec<History>, DbError> {
    let mut query = histories::table.filter(histories::area.eq(area.as_str())).into_boxed();
    if let Some((time, id)) = page.after {
        let later = histories::create_time.gt(time);
        query = query.filter(later.or(histories::create_time.eq(time).and(histories::history_id.gt(id))));
    }
    let rows = query
        .order((histories::create_time, histories::history_id))
        .limit(page.limit())
        .select(HistoryRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// Writes a new history; `false` if its id or its file is taken.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, history: &History) -> Result<bool, DbError> {
    let n_made = diesel::insert_into(histories::table)
        .values((
            histories::area.eq(history.area.as_str()),
            histories::history_id.eq(history.id),
            histories::scheme_hash.eq(history.scheme.as_str()),
            histories::file_digest.eq(history.file_digest.as_slice()),
            histories::n_lines.eq(history.n_lines),
            histories::create_time.eq(history.create_time),
            changing(history),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(n_made == 1)
}

/// Writes how far a history has come.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn update(conn: &mut AsyncPgConnection, history: &History) -> Result<(), DbError> {
    diesel::update(histories::table.find((history.area.as_str(), history.id)))
        .set(changing(history))
        .execute(conn)
        .await?;
    Ok(())
}

#[derive(AsChangeset, Insertable)]
#[diesel(table_name = histories)]
struct Changing<'h> {
    finished: bool,
    cancelled: bool,
    n_accepted: i64,
    n_refused: i64,
    n_errors: i64,
    total_cost_fen: i64,
    content_digest: &'h [u8],
    update_time: DateTime<Utc>,
}

fn changing(history: &History) -> Changing<'_> {
    let Counts { n_accepted, n_refused, n_errors, total_cost } = history.counts;
    Changing {
        finished: history.finished,
        cancelled: history.cancelled,
        n_accepted,
        n_refused,
        n_errors,
        total_cost_fen: total_cost.get(),
        content_digest: &history.content_digest,
        update_time: history.update_time,
    }
}

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::{DbError, lock};
use medfund_types::{Area, InstitutionCode};
use uuid::Uuid;

use super::schema::batches;
use super::{Page, read};
use crate::domain::batch::{Batch, BatchState, Counts, Progress, Usage};

/// A batch, and how far the digests of its bytes are computed.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) batch: Batch,
    /// Of the bytes that came.
    pub(crate) upload_hasher: Vec<u8>,
    /// Of the answers.
    pub(crate) answers_hasher: Vec<u8>,
    /// How often its next slice failed.
    pub(crate) n_failures: i32,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = batches, treat_none_as_null = true)]
struct BatchRow {
    area: String,
    batch_id: Uuid,
    institution_code: String,
    scheme_hash: String,
    check_quality: bool,
    file_digest: String,
    n_bytes: i64,
    keep_days: i32,
    state: String,
    next_offset: i64,
    upload_hasher: Vec<u8>,
    n_bytes_answered: i64,
    n_lines: i64,
    passing_over: bool,
    encoding: Option<String>,
    heading: Option<String>,
    n_cases: i64,
    n_grouped: i64,
    n_blocked: i64,
    n_refused: i64,
    n_errors: i64,
    n_answer_bytes: i64,
    answers_hasher: Vec<u8>,
    answers_digest: Option<String>,
    failure: Option<String>,
    maker: String,
    create_time: DateTime<Utc>,
    update_time: DateTime<Utc>,
    expire_time: DateTime<Utc>,
    crosswalk_hash: Option<String>,
    n_failures: i32,
}

const STATES: [(BatchState, &str); 6] = [
    (BatchState::Uploading, "uploading"),
    (BatchState::Grouping, "grouping"),
    (BatchState::Finished, "finished"),
    (BatchState::Failed, "failed"),
    (BatchState::Cancelled, "cancelled"),
    (BatchState::Expired, "expired"),
];

/// What stands where no institution does.
pub(super) fn institution_code(institution: Option<&InstitutionCode>) -> &str {
    institution.map_or("", InstitutionCode::as_str)
}

fn to_row(stored: &Stored) -> BatchRow {
    let Stored { batch, upload_hasher, answers_hasher, n_failures } = stored;
    let Progress { offset, n_lines, passing_over, encoding, heading } = &batch.progress;
    let Counts { n_cases, n_grouped, n_blocked, n_refused, n_errors } = batch.counts;
    let state = STATES.iter().find(|(state, _)| *state == batch.state).expect("every state has a name").1;
    BatchRow {
        area: batch.area.as_str().to_owned(),
        batch_id: batch.batch_id,
        institution_code: institution_code(batch.institution.as_ref()).to_owned(),
        scheme_hash: batch.scheme.to_string(),
        check_quality: batch.check_quality,
        file_digest: batch.file_digest.to_string(),
        n_bytes: batch.n_bytes,
        keep_days: batch.keep_days,
        state: state.to_owned(),
        next_offset: batch.next_offset,
        upload_hasher: upload_hasher.clone(),
        n_bytes_answered: *offset,
        n_lines: *n_lines,
        passing_over: *passing_over,
        encoding: encoding.map(|encoding| encoding.name().to_owned()),
        heading: heading.clone(),
        n_cases,
        n_grouped,
        n_blocked,
        n_refused,
        n_errors,
        n_answer_bytes: batch.n_answer_bytes,
        answers_hasher: answers_hasher.clone(),
        answers_digest: batch.answers_digest.as_ref().map(ToString::to_string),
        failure: batch.failure.clone(),
        maker: batch.maker.clone(),
        create_time: batch.create_time,
        update_time: batch.update_time,
        expire_time: batch.expire_time(),
        crosswalk_hash: batch.crosswalk.as_ref().map(ToString::to_string),
        n_failures: *n_failures,
    }
}

fn from_row(row: BatchRow) -> Result<Stored, DbError> {
    let institution = Some(row.institution_code).filter(|code| !code.is_empty());
    let encoding = row
        .encoding
        .map(|name| name.parse())
        .transpose()
        .map_err(|unknown: &str| DbError::Internal(unknown.to_owned()))?;
    let state = STATES.iter().find(|(_, name)| *name == row.state).expect("the table checks the state").0;
    let batch = Batch {
        area: read(row.area)?,
        batch_id: row.batch_id,
        institution: institution.map(read).transpose()?,
        scheme: read(row.scheme_hash)?,
        crosswalk: row.crosswalk_hash.map(read).transpose()?,
        check_quality: row.check_quality,
        file_digest: read(row.file_digest)?,
        n_bytes: row.n_bytes,
        keep_days: row.keep_days,
        state,
        next_offset: row.next_offset,
        progress: Progress {
            offset: row.n_bytes_answered,
            n_lines: row.n_lines,
            passing_over: row.passing_over,
            encoding,
            heading: row.heading,
        },
        counts: Counts {
            n_cases: row.n_cases,
            n_grouped: row.n_grouped,
            n_blocked: row.n_blocked,
            n_refused: row.n_refused,
            n_errors: row.n_errors,
        },
        n_answer_bytes: row.n_answer_bytes,
        answers_digest: row.answers_digest.map(read).transpose()?,
        failure: row.failure,
        maker: row.maker,
        create_time: row.create_time,
        update_time: row.update_time,
    };
    let (upload_hasher, answers_hasher, n_failures) = (row.upload_hasher, row.answers_hasher, row.n_failures);
    Ok(Stored { batch, upload_hasher, answers_hasher, n_failures })
}

/// What batches are listed by.
pub(crate) type BatchKey = (DateTime<Utc>, Uuid);

/// Reads a batch.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    batch_id: Uuid,
) -> Result<Option<Batch>, DbError> {
    let found = batches::table.find((area.as_str(), batch_id)).select(BatchRow::as_select());
    let found = found.first(conn).await.optional()?.map(from_row).transpose()?;
    Ok(found.map(|stored| stored.batch))
}

/// Reads a batch and locks its row until the caller's transaction ends.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    batch_id: Uuid,
) -> Result<Option<Stored>, DbError> {
    let found = batches::table.find((area.as_str(), batch_id)).select(BatchRow::as_select()).for_update();
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Lists batches by the time they were started, then id, one more than the page holds.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    page: &Page<BatchKey>,
) -> Result<Vec<Batch>, DbError> {
    let mut query = batches::table.filter(batches::area.eq(area.as_str())).into_boxed();
    if let Some((time, id)) = page.after {
        let later = batches::create_time.gt(time);
        query = query.filter(later.or(batches::create_time.eq(time).and(batches::batch_id.gt(id))));
    }
    let rows = query
        .order((batches::create_time, batches::batch_id))
        .limit(page.limit())
        .select(BatchRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(|row| Ok(from_row(row)?.batch)).collect()
}

#[derive(QueryableByName)]
struct UsageRow {
    #[diesel(sql_type = BigInt)]
    n_open: i64,
    #[diesel(sql_type = BigInt)]
    n_bytes: i64,
}

/// What an institution, or the agency, has here; nobody starts a batch for it until the caller's transaction ends.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn lock_usage(
    conn: &mut AsyncPgConnection,
    area: &Area,
    institution: Option<&InstitutionCode>,
) -> Result<Usage, DbError> {
    // Of two that start at once the second counts the first one's: there is no row of both to lock.
    lock::alone(conn, &format!("batches {area} {}", institution_code(institution))).await?;
    let row: UsageRow = diesel::sql_query(
        "SELECT count(*) FILTER (WHERE state IN ('uploading', 'grouping')) AS n_open, \
         coalesce(sum(n_answer_bytes + CASE WHEN state = 'failed' THEN 0 ELSE n_bytes - n_bytes_answered END), 0)\
         ::bigint AS n_bytes FROM batches WHERE area = $1 AND institution_code = $2 \
         AND state IN ('uploading', 'grouping', 'finished', 'failed')",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<Text, _>(institution_code(institution))
    .get_result(conn)
    .await?;
    Ok(Usage { n_open: row.n_open, n_bytes: row.n_bytes })
}

/// Lists batches of all areas that are being grouped, the one whose last slice is the longest ago first.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list_in_work(
    conn: &mut AsyncPgConnection,
    limit: i64,
) -> Result<Vec<(Area, Uuid)>, DbError> {
    let found = batches::table
        .filter(batches::state.eq("grouping"))
        .order(batches::update_time)
        .limit(limit)
        .select((batches::area, batches::batch_id));
    let rows: Vec<(String, Uuid)> = found.load(conn).await?;
    rows.into_iter().map(|(area, id)| Ok((read(area)?, id))).collect()
}

/// A batch whose time is over, and when that was.
pub(crate) type Over = (Area, Uuid, DateTime<Utc>);

/// Lists batches of all areas whose time is over at an instant, with when that was, the first to end first.
///
/// - `after`: the one behind which to begin.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list_over(
    conn: &mut AsyncPgConnection,
    instant: DateTime<Utc>,
    after: Option<&Over>,
    limit: i64,
) -> Result<Vec<Over>, DbError> {
    let mut found = batches::table
        .filter(batches::state.eq_any(["uploading", "finished", "failed"]))
        .filter(batches::expire_time.le(instant))
        .into_boxed();
    if let Some((_, id, time)) = after {
        let later = batches::expire_time.gt(time);
        found = found.filter(later.or(batches::expire_time.eq(time).and(batches::batch_id.gt(id))));
    }
    let found = found.order((batches::expire_time, batches::batch_id)).limit(limit).select((
        batches::area,
        batches::batch_id,
        batches::expire_time,
    ));
    let rows: Vec<(String, Uuid, DateTime<Utc>)> = found.load(conn).await?;
    rows.into_iter().map(|(area, id, time)| Ok((read(area)?, id, time))).collect()
}

/// Writes a new batch; `false` if its id is taken.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, stored: &Stored) -> Result<bool, DbError> {
    let made = diesel::insert_into(batches::table).values(to_row(stored)).on_conflict_do_nothing();
    Ok(made.execute(conn).await? == 1)
}

/// Writes how a batch stands.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn update(conn: &mut AsyncPgConnection, stored: &Stored) -> Result<(), DbError> {
    let found = batches::table.find((stored.batch.area.as_str(), stored.batch.batch_id));
    diesel::update(found).set(to_row(stored)).execute(conn).await?;
    Ok(())
}

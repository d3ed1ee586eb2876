use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;

use super::batches::institution_code;
use super::schema::batch_parts;
use crate::domain::batch::Batch;

/// Bytes of a file that stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// Where the first one stands, from 0.
    pub(crate) begins_at: i64,
    /// The bytes.
    pub(crate) content: Vec<u8>,
}

/// Keeps bytes of a file that come behind those that are there.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    batch: &Batch,
    begins_at: i64,
    content: &[u8],
) -> Result<(), DbError> {
    let length = i64::try_from(content.len()).expect("a part is small");
    diesel::insert_into(batch_parts::table)
        .values((
            batch_parts::area.eq(batch.area.as_str()),
            batch_parts::batch_id.eq(batch.batch_id),
            batch_parts::begins_at.eq(begins_at),
            batch_parts::ends_at.eq(begins_at + length),
            batch_parts::institution_code.eq(institution_code(batch.institution.as_ref())),
            batch_parts::content.eq(content),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// The parts that have a byte of a file's that is not answered, of so many from the first of them.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list_unanswered(
    conn: &mut AsyncPgConnection,
    batch: &Batch,
    n_bytes: i64,
) -> Result<Vec<Part>, DbError> {
    let offset = batch.progress.offset;
    let found = batch_parts::table
        .filter(batch_parts::area.eq(batch.area.as_str()))
        .filter(batch_parts::batch_id.eq(batch.batch_id))
        .filter(batch_parts::ends_at.gt(offset))
        .filter(batch_parts::begins_at.lt(offset + n_bytes))
        .order(batch_parts::begins_at)
        .select((batch_parts::begins_at, batch_parts::content));
    let rows: Vec<(i64, Vec<u8>)> = found.load(conn).await?;
    Ok(rows.into_iter().map(|(begins_at, content)| Part { begins_at, content }).collect())
}

/// Deletes the parts whose bytes are all answered.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn delete_answered(conn: &mut AsyncPgConnection, batch: &Batch) -> Result<(), DbError> {
    delete_before(conn, batch, batch.progress.offset).await
}

/// Deletes all parts.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn delete(conn: &mut AsyncPgConnection, batch: &Batch) -> Result<(), DbError> {
    delete_before(conn, batch, batch.n_bytes).await
}

async fn delete_before(conn: &mut AsyncPgConnection, batch: &Batch, offset: i64) -> Result<(), DbError> {
    let answered = batch_parts::table
        .filter(batch_parts::area.eq(batch.area.as_str()))
        .filter(batch_parts::batch_id.eq(batch.batch_id))
        .filter(batch_parts::ends_at.le(offset));
    diesel::delete(answered).execute(conn).await?;
    Ok(())
}

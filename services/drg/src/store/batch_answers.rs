use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::Area;
use uuid::Uuid;

use super::batch_parts::Part;
use super::batches::institution_code;
use super::schema::batch_answers;
use crate::domain::batch::Batch;

/// The most bytes of one row, and so of one message that shows it.
const ROW: usize = 1 << 20;

/// Writes answers behind those that are there.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    batch: &Batch,
    answers: &[u8],
) -> Result<(), DbError> {
    let mut begins_at = batch.n_answer_bytes;
    for content in answers.chunks(ROW) {
        let ends_at = begins_at + i64::try_from(content.len()).expect("a row is small");
        diesel::insert_into(batch_answers::table)
            .values((
                batch_answers::area.eq(batch.area.as_str()),
                batch_answers::batch_id.eq(batch.batch_id),
                batch_answers::begins_at.eq(begins_at),
                batch_answers::ends_at.eq(ends_at),
                batch_answers::institution_code.eq(institution_code(batch.institution.as_ref())),
                batch_answers::content.eq(content),
            ))
            .execute(conn)
            .await?;
        begins_at = ends_at;
    }
    Ok(())
}

/// The first answers that have a byte at or behind `offset`.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn next(
    conn: &mut AsyncPgConnection,
    area: &Area,
    batch_id: Uuid,
    offset: i64,
) -> Result<Option<Part>, DbError> {
    let found = batch_answers::table
        .filter(batch_answers::area.eq(area.as_str()))
        .filter(batch_answers::batch_id.eq(batch_id))
        .filter(batch_answers::ends_at.gt(offset))
        .order(batch_answers::begins_at)
        .select((batch_answers::begins_at, batch_answers::content));
    let row: Option<(i64, Vec<u8>)> = found.first(conn).await.optional()?;
    Ok(row.map(|(begins_at, content)| Part { begins_at, content }))
}

/// Deletes all answers.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn delete(conn: &mut AsyncPgConnection, batch: &Batch) -> Result<(), DbError> {
    let all = batch_answers::table
        .filter(batch_answers::area.eq(batch.area.as_str()))
        .filter(batch_answers::batch_id.eq(batch.batch_id));
    diesel::delete(all).execute(conn).await?;
    Ok(())
}

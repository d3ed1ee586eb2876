use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::Area;
use uuid::Uuid;

use super::Page;
use super::schema::history_errors;
use crate::domain::history::LineError;

/// What errors are listed by: the line, and which of its errors.
pub(crate) type ErrorKey = (i64, i16);

/// Writes what is wrong with the lines of a chunk, in the order of the file.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    area: &Area,
    history: Uuid,
    errors: &[LineError],
) -> Result<(), DbError> {
    let mut ordinals: Vec<i16> = Vec::with_capacity(errors.len());
    for (i, error) in errors.iter().enumerate() {
        let goes_on = i > 0 && errors[i - 1].line_number == error.line_number;
        ordinals.push(if goes_on { ordinals[i - 1] + 1 } else { 1 });
    }
    diesel::sql_query(
        "INSERT INTO history_errors (area, history_id, line_number, ordinal, field, message) \
         SELECT $1, $2, * FROM unnest($3, $4, $5, $6)",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<SqlUuid, _>(history)
    .bind::<Array<BigInt>, _>(errors.iter().map(|error| error.line_number).collect::<Vec<_>>())
    .bind::<Array<SmallInt>, _>(ordinals)
    .bind::<Array<Text>, _>(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

/// Lists errors with their keys in the order of the file, one more than the page holds.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    history: Uuid,
    page: &Page<ErrorKey>,
) -> Result<Vec<(ErrorKey, LineError)>, DbError> {
    use history_errors::{field, line_number, message, ordinal};
    let (line, nth) = page.after.unwrap_or_default();
    let rows: Vec<(i64, i16, String, String)> = history_errors::table
        .filter(history_errors::area.eq(area.as_str()))
        .filter(history_errors::history_id.eq(history))
        .filter(line_number.gt(line).or(line_number.eq(line).and(ordinal.gt(nth))))
        .order((line_number, ordinal))
        .limit(page.limit())
        .select((line_number, ordinal, field, message))
        .load(conn)
        .await?;
    let error =
        |(line, nth, path, text)| ((line, nth), LineError { line_number: line, field: path, message: text });
    Ok(rows.into_iter().map(error).collect())
}

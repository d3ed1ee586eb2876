use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::{Area, ordinals};
use uuid::Uuid;

use super::Page;
use super::schema::history_errors;
use crate::domain::history::LineFault;

/// An error as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = history_errors)]
pub(crate) struct StoredError {
    pub(crate) line_number: i64,
    pub(crate) ordinal: i16,
    pub(crate) field: String,
    pub(crate) reason: String,
    pub(crate) text_zh: String,
}

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
    faults: &[LineFault],
) -> Result<(), DbError> {
    diesel::sql_query(
        "INSERT INTO history_errors (area, history_id, line_number, ordinal, field, reason, text_zh) \
         SELECT $1, $2, * FROM unnest($3, $4, $5, $6, $7)",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<SqlUuid, _>(history)
    .bind::<Array<BigInt>, _>(faults.iter().map(|fault| fault.line_number).collect::<Vec<_>>())
    .bind::<Array<SmallInt>, _>(ordinals(faults.iter().map(|fault| fault.line_number)))
    .bind::<Array<Text>, _>(faults.iter().map(|fault| fault.at.field.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(faults.iter().map(|fault| fault.at.fault.reason()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(faults.iter().map(|fault| fault.at.fault.zh()).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

/// Lists errors in the order of the file, one more than the page holds.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    history: Uuid,
    page: &Page<ErrorKey>,
) -> Result<Vec<StoredError>, DbError> {
    use history_errors::{line_number, ordinal};
    let (line, nth) = page.after.unwrap_or_default();
    let found = history_errors::table
        .filter(history_errors::area.eq(area.as_str()))
        .filter(history_errors::history_id.eq(history))
        .filter(line_number.gt(line).or(line_number.eq(line).and(ordinal.gt(nth))))
        .order((line_number, ordinal))
        .limit(page.limit())
        .select(StoredError::as_select());
    Ok(found.load(conn).await?)
}

/// Deletes all of a history.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn delete(conn: &mut AsyncPgConnection, area: &Area, history: Uuid) -> Result<(), DbError> {
    let all = history_errors::table
        .filter(history_errors::area.eq(area.as_str()))
        .filter(history_errors::history_id.eq(history));
    diesel::delete(all).execute(conn).await?;
    Ok(())
}

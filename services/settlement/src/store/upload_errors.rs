//! What is wrong with the lines of uploads.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, ordinals};
use uuid::Uuid;

use crate::domain::bills::LineFault;
use crate::domain::upload::Upload;

use schema::upload_errors;

mod schema {
    diesel::table! {
        upload_errors (area, upload_id, line_number, ordinal) {
            area -> Text,
            upload_id -> Uuid,
            line_number -> BigInt,
            ordinal -> SmallInt,
            institution_code -> Text,
            setl_id -> Text,
            field -> Text,
            reason -> Text,
            message -> Text,
        }
    }
}

/// An error as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = upload_errors)]
pub struct StoredError {
    /// The line, from 1.
    pub line_number: i64,
    /// Tells the errors of one line apart, from 1.
    pub ordinal: i16,
    /// The settlement id as sent.
    pub setl_id: String,
    /// The field's name.
    pub field: String,
    /// The stable code.
    pub reason: String,
    /// The same in Chinese, with the numbers.
    pub message: String,
}

/// Keeps faults of an upload's lines; they are in the order of the file.
pub async fn insert(conn: &mut AsyncPgConnection, upload: &Upload, faults: &[LineFault]) -> QueryResult<()> {
    if faults.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "INSERT INTO upload_errors (area, upload_id, institution_code, line_number, ordinal, setl_id, field, reason, message) \
         SELECT $1, $2, $3, * FROM unnest($4, $5, $6, $7, $8, $9)",
    )
    .bind::<Text, _>(upload.area.as_str())
    .bind::<SqlUuid, _>(upload.upload_id)
    .bind::<Text, _>(upload.institution.as_str())
    .bind::<Array<BigInt>, _>(faults.iter().map(|f| f.line_number).collect::<Vec<_>>())
    .bind::<Array<SmallInt>, _>(ordinals(faults.iter().map(|f| f.line_number)))
    .bind::<Array<Text>, _>(faults.iter().map(|f| f.setl_id.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(faults.iter().map(|f| f.field.name()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(faults.iter().map(|f| f.fault.reason()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(faults.iter().map(LineFault::message).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

/// Lists errors of an upload after a line and ordinal, in the order of the file.
pub async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    upload_id: Uuid,
    after: (i64, i16),
    limit: i64,
) -> QueryResult<Vec<StoredError>> {
    use upload_errors::{line_number, ordinal};
    upload_errors::table
        .filter(upload_errors::area.eq(area.as_str()))
        .filter(upload_errors::upload_id.eq(upload_id))
        .filter(line_number.gt(after.0).or(line_number.eq(after.0).and(ordinal.gt(after.1))))
        .select(StoredError::as_select())
        .order((line_number, ordinal))
        .limit(limit)
        .load(conn)
        .await
}

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::{Area, ordinals};
use uuid::Uuid;

use super::Page;
use super::batches::institution_code;
use super::schema::batch_errors;
use crate::domain::batch::{Batch, FaultLevel, LineFault};

/// An error as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = batch_errors)]
pub(crate) struct StoredError {
    pub(crate) line: i64,
    pub(crate) ordinal: i16,
    pub(crate) case_id: String,
    level: String,
    pub(crate) field: String,
    pub(crate) index: Option<i32>,
    pub(crate) reason: String,
    pub(crate) value: String,
    pub(crate) text_zh: String,
}

const LEVELS: [(FaultLevel, &str); 3] =
    [(FaultLevel::Refused, "refused"), (FaultLevel::Blocking, "blocking"), (FaultLevel::Warning, "warning")];

impl StoredError {
    pub(crate) fn level(&self) -> FaultLevel {
        LEVELS.iter().find(|(_, name)| *name == self.level).expect("the table checks the level").0
    }
}

/// What errors are listed by.
pub(crate) type ErrorKey = (i64, i16);

/// Keeps faults of a batch's lines; they are in the order of the file.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    batch: &Batch,
    faults: &[LineFault],
) -> Result<(), DbError> {
    let ordinals = ordinals(faults.iter().map(|fault| fault.line));
    let rows = faults.iter().zip(ordinals).map(|(fault, ordinal)| {
        let level = LEVELS.iter().find(|(level, _)| *level == fault.level).expect("every level has a name").1;
        (
            batch_errors::area.eq(batch.area.as_str()),
            batch_errors::batch_id.eq(batch.batch_id),
            batch_errors::line.eq(fault.line),
            batch_errors::ordinal.eq(ordinal),
            batch_errors::institution_code.eq(institution_code(batch.institution.as_ref())),
            batch_errors::case_id.eq(fault.case_id.as_str()),
            batch_errors::level.eq(level),
            batch_errors::field.eq(fault.field),
            batch_errors::index.eq(fault.index),
            batch_errors::reason.eq(fault.reason),
            batch_errors::value.eq(fault.value.as_str()),
            batch_errors::text_zh.eq(fault.text_zh.as_str()),
        )
    });
    let rows: Vec<_> = rows.collect();
    // A statement takes 65,535 values at most.
    for rows in rows.chunks(5_000) {
        diesel::insert_into(batch_errors::table).values(rows).execute(conn).await?;
    }
    Ok(())
}

/// Lists errors of a batch by line, one more than the page holds.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    batch_id: Uuid,
    page: &Page<ErrorKey>,
) -> Result<Vec<StoredError>, DbError> {
    let (line, ordinal) = page.after.unwrap_or_default();
    let later = batch_errors::line.gt(line);
    let found = batch_errors::table
        .filter(batch_errors::area.eq(area.as_str()))
        .filter(batch_errors::batch_id.eq(batch_id))
        .filter(later.or(batch_errors::line.eq(line).and(batch_errors::ordinal.gt(ordinal))))
        .order((batch_errors::line, batch_errors::ordinal))
        .limit(page.limit())
        .select(StoredError::as_select());
    Ok(found.load(conn).await?)
}

/// Deletes all errors.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn delete(conn: &mut AsyncPgConnection, batch: &Batch) -> Result<(), DbError> {
    let all = batch_errors::table
        .filter(batch_errors::area.eq(batch.area.as_str()))
        .filter(batch_errors::batch_id.eq(batch.batch_id));
    diesel::delete(all).execute(conn).await?;
    Ok(())
}

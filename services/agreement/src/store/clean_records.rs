use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::{Area, FundYear, InstitutionCode};
use serde_json::Value;
use uuid::Uuid;

use super::{Page, from_json, made, read, to_json};
use crate::domain::conduct::CleanRecord;
use crate::domain::two_persons::TwoPersons;
use crate::schema::clean_records;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = clean_records)]
struct CleanRecordRow {
    area: String,
    clean_record_id: Uuid,
    fund_year: i32,
    institution_code: String,
    years: Value,
    clean: bool,
    maker: String,
    checker: Option<String>,
}

fn row(new: &CleanRecord) -> CleanRecordRow {
    CleanRecordRow {
        area: new.area.to_string(),
        clean_record_id: new.id,
        fund_year: new.fund_year.get(),
        institution_code: new.institution.to_string(),
        years: to_json(&new.years),
        clean: new.clean,
        maker: new.persons.maker.clone(),
        checker: new.persons.checker.clone(),
    }
}

fn from_row(row: CleanRecordRow) -> Result<CleanRecord, DbError> {
    Ok(CleanRecord {
        area: read(row.area)?,
        id: row.clean_record_id,
        fund_year: read(row.fund_year)?,
        institution: read(row.institution_code)?,
        years: from_json(row.years)?,
        clean: row.clean,
        persons: TwoPersons { maker: row.maker, checker: row.checker },
    })
}

/// Adds a statement; `false` if its id is taken.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, new: &CleanRecord) -> Result<bool, DbError> {
    let insert = diesel::insert_into(clean_records::table).values(row(new)).on_conflict_do_nothing();
    made(insert.execute(conn).await)
}

/// Writes who confirmed a statement.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn update_checker(conn: &mut AsyncPgConnection, after: &CleanRecord) -> Result<(), DbError> {
    diesel::update(clean_records::table.find((after.area.as_str(), after.id)))
        .set(clean_records::checker.eq(&after.persons.checker))
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads a statement.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<CleanRecord>, DbError> {
    let found = clean_records::table.find((area.as_str(), id)).select(CleanRecordRow::as_select());
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Reads a statement and locks its row until the caller's transaction ends.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<CleanRecord>, DbError> {
    let found =
        clean_records::table.find((area.as_str(), id)).select(CleanRecordRow::as_select()).for_update();
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// The confirmed statement of the same institution and fund year.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find_confirmed(
    conn: &mut AsyncPgConnection,
    like: &CleanRecord,
) -> Result<Option<Uuid>, DbError> {
    let found = clean_records::table
        .filter(clean_records::area.eq(like.area.as_str()))
        .filter(clean_records::institution_code.eq(like.institution.as_str()))
        .filter(clean_records::fund_year.eq(like.fund_year.get()))
        .filter(clean_records::checker.is_not_null())
        .select(clean_records::clean_record_id);
    Ok(found.first(conn).await.optional()?)
}

/// What a fund year has by id, one more than the page holds.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
    code: Option<&InstitutionCode>,
    page: &Page<Uuid>,
) -> Result<Vec<CleanRecord>, DbError> {
    let mut query = clean_records::table
        .filter(clean_records::area.eq(area.as_str()))
        .filter(clean_records::fund_year.eq(fund_year.get()))
        .filter(clean_records::clean_record_id.gt(page.after.unwrap_or_default()))
        .select(CleanRecordRow::as_select())
        .order(clean_records::clean_record_id)
        .limit(page.limit())
        .into_boxed();
    if let Some(code) = code {
        query = query.filter(clean_records::institution_code.eq(code.as_str().to_owned()));
    }
    query.load(conn).await?.into_iter().map(from_row).collect()
}

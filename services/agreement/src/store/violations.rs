use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_money::Fen;
use medfund_types::{Area, FundYear, InstitutionCode};
use uuid::Uuid;

use super::{Page, made, read};
use crate::domain::two_persons::TwoPersons;
use crate::domain::violation::Violation;
use crate::schema::violations;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = violations)]
struct ViolationRow {
    area: String,
    violation_id: Uuid,
    fund_year: i32,
    institution_code: String,
    kind: String,
    spoils_record: bool,
    occur_date: NaiveDate,
    amount_fen: i64,
    physician_code: Option<String>,
    reference: String,
    inspection_id: Option<Uuid>,
    maker: String,
    checker: Option<String>,
}

fn row(new: &Violation) -> ViolationRow {
    ViolationRow {
        area: new.area.to_string(),
        violation_id: new.id,
        fund_year: new.fund_year.get(),
        institution_code: new.institution.to_string(),
        kind: new.kind.clone(),
        spoils_record: new.spoils_record,
        occur_date: new.occur_date,
        amount_fen: new.amount.get(),
        physician_code: new.physician_code.clone(),
        reference: new.reference.clone(),
        inspection_id: new.inspection,
        maker: new.persons.maker.clone(),
        checker: new.persons.checker.clone(),
    }
}

fn from_row(row: ViolationRow) -> Result<Violation, DbError> {
    Ok(Violation {
        area: read(row.area)?,
        id: row.violation_id,
        fund_year: read(row.fund_year)?,
        institution: read(row.institution_code)?,
        kind: row.kind,
        spoils_record: row.spoils_record,
        occur_date: row.occur_date,
        amount: Fen::new(row.amount_fen),
        physician_code: row.physician_code,
        reference: row.reference,
        inspection: row.inspection_id,
        persons: TwoPersons { maker: row.maker, checker: row.checker },
    })
}

/// Adds a violation; `false` if its id is taken.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, new: &Violation) -> Result<bool, DbError> {
    let insert = diesel::insert_into(violations::table).values(row(new)).on_conflict_do_nothing();
    made(insert.execute(conn).await)
}

/// Writes who confirmed a violation.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn update_checker(conn: &mut AsyncPgConnection, after: &Violation) -> Result<(), DbError> {
    diesel::update(violations::table.find((after.area.as_str(), after.id)))
        .set(violations::checker.eq(&after.persons.checker))
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads a violation.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Violation>, DbError> {
    let found = violations::table.find((area.as_str(), id)).select(ViolationRow::as_select());
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Reads a violation and locks its row until the caller's transaction ends.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Violation>, DbError> {
    let found = violations::table.find((area.as_str(), id)).select(ViolationRow::as_select()).for_update();
    found.first(conn).await.optional()?.map(from_row).transpose()
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
) -> Result<Vec<Violation>, DbError> {
    let mut query = violations::table
        .filter(violations::area.eq(area.as_str()))
        .filter(violations::fund_year.eq(fund_year.get()))
        .filter(violations::violation_id.gt(page.after.unwrap_or_default()))
        .select(ViolationRow::as_select())
        .order(violations::violation_id)
        .limit(page.limit())
        .into_boxed();
    if let Some(code) = code {
        query = query.filter(violations::institution_code.eq(code.as_str().to_owned()));
    }
    query.load(conn).await?.into_iter().map(from_row).collect()
}

/// How many confirmed violations of a year spoil an institution's record.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn count_spoiling(
    conn: &mut AsyncPgConnection,
    area: &Area,
    code: &InstitutionCode,
    fund_year: FundYear,
) -> Result<i64, DbError> {
    let found = violations::table
        .filter(violations::area.eq(area.as_str()))
        .filter(violations::institution_code.eq(code.as_str()))
        .filter(violations::fund_year.eq(fund_year.get()))
        .filter(violations::spoils_record)
        .filter(violations::checker.is_not_null());
    Ok(found.count().get_result(conn).await?)
}

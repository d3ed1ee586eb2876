use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::{Area, FundYear, InstitutionCode};
use uuid::Uuid;

use super::{Page, made, read};
use crate::domain::review::Review;
use crate::domain::two_persons::TwoPersons;
use crate::schema::reviews;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = reviews)]
struct ReviewRow {
    area: String,
    review_id: Uuid,
    fund_year: i32,
    institution_code: String,
    grade: String,
    reference: String,
    confirm_date: Option<NaiveDate>,
    maker: String,
    checker: Option<String>,
}

fn row(new: &Review) -> ReviewRow {
    ReviewRow {
        area: new.area.to_string(),
        review_id: new.id,
        fund_year: new.fund_year.get(),
        institution_code: new.institution.to_string(),
        grade: new.grade.clone(),
        reference: new.reference.clone(),
        confirm_date: new.confirm_date,
        maker: new.persons.maker.clone(),
        checker: new.persons.checker.clone(),
    }
}

fn from_row(row: ReviewRow) -> Result<Review, DbError> {
    Ok(Review {
        area: read(row.area)?,
        id: row.review_id,
        fund_year: read(row.fund_year)?,
        institution: read(row.institution_code)?,
        grade: row.grade,
        reference: row.reference,
        confirm_date: row.confirm_date,
        persons: TwoPersons { maker: row.maker, checker: row.checker },
    })
}

/// Adds a review; `false` if its id is taken.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, new: &Review) -> Result<bool, DbError> {
    let insert = diesel::insert_into(reviews::table).values(row(new)).on_conflict_do_nothing();
    made(insert.execute(conn).await)
}

/// Writes who confirmed a review.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn update_checker(conn: &mut AsyncPgConnection, after: &Review) -> Result<(), DbError> {
    diesel::update(reviews::table.find((after.area.as_str(), after.id)))
        .set((reviews::checker.eq(&after.persons.checker), reviews::confirm_date.eq(after.confirm_date)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads a review.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Review>, DbError> {
    let found = reviews::table.find((area.as_str(), id)).select(ReviewRow::as_select());
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Reads a review and locks its row until the caller's transaction ends.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Review>, DbError> {
    let found = reviews::table.find((area.as_str(), id)).select(ReviewRow::as_select()).for_update();
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// The confirmed review of the same institution and fund year.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find_confirmed(
    conn: &mut AsyncPgConnection,
    like: &Review,
) -> Result<Option<Uuid>, DbError> {
    let found = reviews::table
        .filter(reviews::area.eq(like.area.as_str()))
        .filter(reviews::institution_code.eq(like.institution.as_str()))
        .filter(reviews::fund_year.eq(like.fund_year.get()))
        .filter(reviews::checker.is_not_null())
        .select(reviews::review_id);
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
) -> Result<Vec<Review>, DbError> {
    let mut query = reviews::table
        .filter(reviews::area.eq(area.as_str()))
        .filter(reviews::fund_year.eq(fund_year.get()))
        .filter(reviews::review_id.gt(page.after.unwrap_or_default()))
        .select(ReviewRow::as_select())
        .order(reviews::review_id)
        .limit(page.limit())
        .into_boxed();
    if let Some(code) = code {
        query = query.filter(reviews::institution_code.eq(code.as_str().to_owned()));
    }
    query.load(conn).await?.into_iter().map(from_row).collect()
}

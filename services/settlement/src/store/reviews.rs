use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};

use super::schema::reviews;

/// A confirmed graded review.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = reviews)]
pub(crate) struct ReviewRow {
    pub(crate) area: Area,
    pub(crate) fund_year: FundYear,
    pub(crate) institution_code: InstitutionCode,
    pub(crate) grade: String,
    pub(crate) confirm_date: NaiveDate,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &ReviewRow) -> QueryResult<()> {
    diesel::insert_into(reviews::table)
        .values(row)
        .on_conflict((reviews::area, reviews::fund_year, reviews::institution_code))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Lists a fund year's reviews, by institution.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<ReviewRow>> {
    reviews::table
        .filter(reviews::area.eq(area.as_str()))
        .filter(reviews::fund_year.eq(fund_year.get()))
        .order(reviews::institution_code)
        .select(ReviewRow::as_select())
        .load(conn)
        .await
}

/// Lists every review confirmed before `before`, by fund year and institution.
pub(crate) async fn confirmed_before(
    conn: &mut AsyncPgConnection,
    area: &Area,
    before: NaiveDate,
) -> QueryResult<Vec<ReviewRow>> {
    reviews::table
        .filter(reviews::area.eq(area.as_str()))
        .filter(reviews::confirm_date.lt(before))
        .order((reviews::fund_year, reviews::institution_code))
        .select(ReviewRow::as_select())
        .load(conn)
        .await
}

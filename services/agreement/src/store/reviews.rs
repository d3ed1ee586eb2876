use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use uuid::Uuid;

use super::read;
use super::records::{Stored, StoredRecord};
use super::schema::reviews;
use crate::domain::record::Head;
use crate::domain::review::Review;
use crate::domain::two_persons::TwoPersons;

#[derive(QueryableByName, Insertable)]
#[diesel(table_name = reviews)]
pub(crate) struct ReviewRow {
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

impl From<&Review> for ReviewRow {
    fn from(new: &Review) -> Self {
        Self {
            area: new.head.area.to_string(),
            review_id: new.head.id,
            fund_year: new.head.fund_year.get(),
            institution_code: new.head.institution.to_string(),
            grade: new.grade.clone(),
            reference: new.reference.clone(),
            confirm_date: new.confirm_date,
            maker: new.head.persons.maker.clone(),
            checker: new.head.persons.checker.clone(),
        }
    }
}

impl TryFrom<ReviewRow> for Review {
    type Error = DbError;

    fn try_from(row: ReviewRow) -> Result<Self, DbError> {
        Ok(Self {
            head: Head {
                area: read(row.area)?,
                id: row.review_id,
                fund_year: read(row.fund_year)?,
                institution: read(row.institution_code)?,
                persons: TwoPersons { maker: row.maker, checker: row.checker },
            },
            grade: row.grade,
            reference: row.reference,
            confirm_date: row.confirm_date,
        })
    }
}

impl Stored for Review {
    const TABLE: &'static str = "reviews";
    const ID: &'static str = "review_id";
    type Row = ReviewRow;

    fn id(&self) -> Uuid {
        self.head.id
    }

    async fn insert(&self, conn: &mut AsyncPgConnection) -> QueryResult<usize> {
        let row = ReviewRow::from(self);
        diesel::insert_into(reviews::table).values(row).on_conflict_do_nothing().execute(conn).await
    }
}

impl StoredRecord for Review {
    async fn update_checker(&self, conn: &mut AsyncPgConnection) -> QueryResult<usize> {
        let key = (self.head.area.as_str(), self.head.id);
        diesel::update(reviews::table.find(key))
            .set((
                reviews::checker.eq(&self.head.persons.checker),
                reviews::confirm_date.eq(self.confirm_date),
            ))
            .execute(conn)
            .await
    }
}

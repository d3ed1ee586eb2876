use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::records::{Stored, StoredRecord};
use super::schema::indicator_assessments;
use super::{damaged, from_json, read, to_json};
use crate::domain::indicators::Assessment;
use crate::domain::record::Head;
use crate::domain::two_persons::TwoPersons;

#[derive(QueryableByName, Insertable)]
#[diesel(table_name = indicator_assessments)]
pub(crate) struct AssessmentRow {
    area: String,
    assessment_id: Uuid,
    fund_year: i32,
    institution_code: String,
    measured: Value,
    quarter_visits: Option<Vec<i64>>,
    deductions: Value,
    deduction_rate: Decimal,
    maker: String,
    checker: Option<String>,
}

impl From<&Assessment> for AssessmentRow {
    fn from(new: &Assessment) -> Self {
        Self {
            area: new.head.area.to_string(),
            assessment_id: new.head.id,
            fund_year: new.head.fund_year.get(),
            institution_code: new.head.institution.to_string(),
            measured: to_json(&new.measured),
            quarter_visits: new.quarter_visits.map(Vec::from),
            deductions: to_json(&new.deductions),
            deduction_rate: new.deduction_rate.get(),
            maker: new.head.persons.maker.clone(),
            checker: new.head.persons.checker.clone(),
        }
    }
}

impl TryFrom<AssessmentRow> for Assessment {
    type Error = DbError;

    fn try_from(row: AssessmentRow) -> Result<Self, DbError> {
        let quarter_visits = row.quarter_visits.map(<[i64; 4]>::try_from).transpose();
        let quarter_visits = quarter_visits.map_err(|_| damaged("not four quarters"))?;
        Ok(Self {
            head: Head {
                area: read(row.area)?,
                id: row.assessment_id,
                fund_year: read(row.fund_year)?,
                institution: read(row.institution_code)?,
                persons: TwoPersons { maker: row.maker, checker: row.checker },
            },
            measured: from_json(row.measured)?,
            quarter_visits,
            deductions: from_json(row.deductions)?,
            deduction_rate: read(row.deduction_rate)?,
        })
    }
}

impl Stored for Assessment {
    const TABLE: &'static str = "indicator_assessments";
    const ID: &'static str = "assessment_id";
    type Row = AssessmentRow;

    fn id(&self) -> Uuid {
        self.head.id
    }

    async fn insert(&self, conn: &mut AsyncPgConnection) -> QueryResult<usize> {
        let row = AssessmentRow::from(self);
        diesel::insert_into(indicator_assessments::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(conn)
            .await
    }
}

impl StoredRecord for Assessment {}

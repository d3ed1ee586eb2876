use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use serde_json::Value;
use uuid::Uuid;

use super::records::{Stored, StoredRecord};
use super::schema::clean_records;
use super::{from_json, read, to_json};
use crate::domain::conduct::CleanRecord;
use crate::domain::record::Head;
use crate::domain::two_persons::TwoPersons;

#[derive(QueryableByName, Insertable)]
#[diesel(table_name = clean_records)]
pub(crate) struct CleanRecordRow {
    area: String,
    clean_record_id: Uuid,
    fund_year: i32,
    institution_code: String,
    years: Value,
    clean: bool,
    maker: String,
    checker: Option<String>,
}

impl From<&CleanRecord> for CleanRecordRow {
    fn from(new: &CleanRecord) -> Self {
        Self {
            area: new.head.area.to_string(),
            clean_record_id: new.head.id,
            fund_year: new.head.fund_year.get(),
            institution_code: new.head.institution.to_string(),
            years: to_json(&new.years),
            clean: new.clean,
            maker: new.head.persons.maker.clone(),
            checker: new.head.persons.checker.clone(),
        }
    }
}

impl TryFrom<CleanRecordRow> for CleanRecord {
    type Error = DbError;

    fn try_from(row: CleanRecordRow) -> Result<Self, DbError> {
        Ok(Self {
            head: Head {
                area: read(row.area)?,
                id: row.clean_record_id,
                fund_year: read(row.fund_year)?,
                institution: read(row.institution_code)?,
                persons: TwoPersons { maker: row.maker, checker: row.checker },
            },
            years: from_json(row.years)?,
            clean: row.clean,
        })
    }
}

impl Stored for CleanRecord {
    const TABLE: &'static str = "clean_records";
    const ID: &'static str = "clean_record_id";
    type Row = CleanRecordRow;

    fn id(&self) -> Uuid {
        self.head.id
    }

    async fn insert(&self, conn: &mut AsyncPgConnection) -> QueryResult<usize> {
        let row = CleanRecordRow::from(self);
        diesel::insert_into(clean_records::table).values(row).on_conflict_do_nothing().execute(conn).await
    }
}

impl StoredRecord for CleanRecord {}

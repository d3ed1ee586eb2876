use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use serde_json::Value;
use uuid::Uuid;

use super::records::{Stored, StoredRecord};
use super::schema::disclosures;
use super::{from_json, read, to_json};
use crate::domain::record::Head;
use crate::domain::report::Disclosure;
use crate::domain::two_persons::TwoPersons;

#[derive(QueryableByName, Insertable)]
#[diesel(table_name = disclosures)]
pub(crate) struct DisclosureRow {
    area: String,
    disclosure_id: Uuid,
    fund_year: i32,
    institution_code: String,
    quarter: i32,
    measured: Value,
    maker: String,
    checker: Option<String>,
}

impl From<&Disclosure> for DisclosureRow {
    fn from(new: &Disclosure) -> Self {
        Self {
            area: new.head.area.to_string(),
            disclosure_id: new.head.id,
            fund_year: new.head.fund_year.get(),
            institution_code: new.head.institution.to_string(),
            quarter: new.quarter.get(),
            measured: to_json(&new.measured),
            maker: new.head.persons.maker.clone(),
            checker: new.head.persons.checker.clone(),
        }
    }
}

impl TryFrom<DisclosureRow> for Disclosure {
    type Error = DbError;

    fn try_from(row: DisclosureRow) -> Result<Self, DbError> {
        Ok(Self {
            head: Head {
                area: read(row.area)?,
                id: row.disclosure_id,
                fund_year: read(row.fund_year)?,
                institution: read(row.institution_code)?,
                persons: TwoPersons { maker: row.maker, checker: row.checker },
            },
            quarter: read(row.quarter)?,
            measured: from_json(row.measured)?,
        })
    }
}

impl Stored for Disclosure {
    const TABLE: &'static str = "disclosures";
    const ID: &'static str = "disclosure_id";
    const LISTS_CONFIRMED: bool = true;
    type Row = DisclosureRow;

    fn id(&self) -> Uuid {
        self.head.id
    }

    async fn insert(&self, conn: &mut AsyncPgConnection) -> QueryResult<usize> {
        let row = DisclosureRow::from(self);
        diesel::insert_into(disclosures::table).values(row).on_conflict_do_nothing().execute(conn).await
    }
}

impl StoredRecord for Disclosure {}

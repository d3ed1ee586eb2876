use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_money::Fen;
use medfund_types::{Area, FundYear, InstitutionCode};
use uuid::Uuid;

use super::read;
use super::records::{Stored, StoredRecord};
use super::schema::violations;
use crate::domain::record::Head;
use crate::domain::two_persons::TwoPersons;
use crate::domain::violation::Violation;

#[derive(QueryableByName, Insertable)]
#[diesel(table_name = violations)]
pub(crate) struct ViolationRow {
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

impl From<&Violation> for ViolationRow {
    fn from(new: &Violation) -> Self {
        Self {
            area: new.head.area.to_string(),
            violation_id: new.head.id,
            fund_year: new.head.fund_year.get(),
            institution_code: new.head.institution.to_string(),
            kind: new.kind.clone(),
            spoils_record: new.spoils_record,
            occur_date: new.occur_date,
            amount_fen: new.amount.get(),
            physician_code: new.physician_code.clone(),
            reference: new.reference.clone(),
            inspection_id: new.inspection,
            maker: new.head.persons.maker.clone(),
            checker: new.head.persons.checker.clone(),
        }
    }
}

impl TryFrom<ViolationRow> for Violation {
    type Error = DbError;

    fn try_from(row: ViolationRow) -> Result<Self, DbError> {
        Ok(Self {
            head: Head {
                area: read(row.area)?,
                id: row.violation_id,
                fund_year: read(row.fund_year)?,
                institution: read(row.institution_code)?,
                persons: TwoPersons { maker: row.maker, checker: row.checker },
            },
            kind: row.kind,
            spoils_record: row.spoils_record,
            occur_date: row.occur_date,
            amount: Fen::new(row.amount_fen),
            physician_code: row.physician_code,
            reference: row.reference,
            inspection: row.inspection_id,
        })
    }
}

impl Stored for Violation {
    const TABLE: &'static str = "violations";
    const ID: &'static str = "violation_id";
    type Row = ViolationRow;

    fn id(&self) -> Uuid {
        self.head.id
    }

    async fn insert(&self, conn: &mut AsyncPgConnection) -> QueryResult<usize> {
        let row = ViolationRow::from(self);
        diesel::insert_into(violations::table).values(row).on_conflict_do_nothing().execute(conn).await
    }
}

impl StoredRecord for Violation {}

/// How many confirmed violations of a year spoil an institution's record.
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

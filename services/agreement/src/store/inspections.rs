use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_money::Fen;
use medfund_types::SettlementMonth;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::records::{Stored, StoredRecord};
use super::schema::inspections;
use super::{from_json, read, to_json};
use crate::domain::inspection::{Inspection, Sample};
use crate::domain::record::Head;
use crate::domain::two_persons::TwoPersons;

#[derive(QueryableByName, Insertable)]
#[diesel(table_name = inspections)]
pub(crate) struct InspectionRow {
    area: String,
    inspection_id: Uuid,
    fund_year: i32,
    institution_code: String,
    fund_line: String,
    settlement_month: NaiveDate,
    n_population: i64,
    n_sample: i64,
    violating_cases: Value,
    sample_violating_fen: i64,
    sampling_rate: Decimal,
    extrapolated: bool,
    refused_fen: i64,
    maker: String,
    checker: Option<String>,
}

impl From<&Inspection> for InspectionRow {
    fn from(new: &Inspection) -> Self {
        Self {
            area: new.head.area.to_string(),
            inspection_id: new.head.id,
            fund_year: new.head.fund_year.get(),
            institution_code: new.head.institution.to_string(),
            fund_line: new.fund_line.to_string(),
            settlement_month: new.month.first_day(),
            n_population: new.sample.n_population,
            n_sample: new.sample.n_sample,
            violating_cases: to_json(&new.sample.violating_cases),
            sample_violating_fen: new.violating.get(),
            sampling_rate: new.sampling_rate.get(),
            extrapolated: new.extrapolated,
            refused_fen: new.refused.get(),
            maker: new.head.persons.maker.clone(),
            checker: new.head.persons.checker.clone(),
        }
    }
}

impl TryFrom<InspectionRow> for Inspection {
    type Error = DbError;

    fn try_from(row: InspectionRow) -> Result<Self, DbError> {
        Ok(Self {
            head: Head {
                area: read(row.area)?,
                id: row.inspection_id,
                fund_year: read(row.fund_year)?,
                institution: read(row.institution_code)?,
                persons: TwoPersons { maker: row.maker, checker: row.checker },
            },
            fund_line: read(row.fund_line)?,
            month: SettlementMonth::of(row.settlement_month),
            sample: Sample {
                n_population: row.n_population,
                n_sample: row.n_sample,
                violating_cases: from_json(row.violating_cases)?,
            },
            violating: Fen::new(row.sample_violating_fen),
            sampling_rate: read(row.sampling_rate)?,
            extrapolated: row.extrapolated,
            refused: Fen::new(row.refused_fen),
        })
    }
}

impl Stored for Inspection {
    const TABLE: &'static str = "inspections";
    const ID: &'static str = "inspection_id";
    type Row = InspectionRow;

    fn id(&self) -> Uuid {
        self.head.id
    }

    async fn insert(&self, conn: &mut AsyncPgConnection) -> QueryResult<usize> {
        let row = InspectionRow::from(self);
        diesel::insert_into(inspections::table).values(row).on_conflict_do_nothing().execute(conn).await
    }
}

impl StoredRecord for Inspection {}

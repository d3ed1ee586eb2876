use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::SettlementMonth;
use serde_json::Value;
use uuid::Uuid;

use super::records::Stored;
use super::schema::monthly_reports;
use super::{from_json, read, to_json};
use crate::domain::report::MonthlyReport;

#[derive(QueryableByName, Insertable)]
#[diesel(table_name = monthly_reports)]
pub(crate) struct ReportRow {
    area: String,
    report_id: Uuid,
    fund_year: i32,
    institution_code: String,
    settlement_month: NaiveDate,
    measured: Value,
    reporter: String,
    create_time: DateTime<Utc>,
}

impl From<&MonthlyReport> for ReportRow {
    fn from(new: &MonthlyReport) -> Self {
        Self {
            area: new.area.to_string(),
            report_id: new.id,
            fund_year: new.fund_year.get(),
            institution_code: new.institution.to_string(),
            settlement_month: new.month.first_day(),
            measured: to_json(&new.measured),
            reporter: new.reporter.clone(),
            create_time: new.time,
        }
    }
}

impl TryFrom<ReportRow> for MonthlyReport {
    type Error = DbError;

    fn try_from(row: ReportRow) -> Result<Self, DbError> {
        Ok(Self {
            area: read(row.area)?,
            id: row.report_id,
            fund_year: read(row.fund_year)?,
            institution: read(row.institution_code)?,
            month: SettlementMonth::of(row.settlement_month),
            measured: from_json(row.measured)?,
            reporter: row.reporter,
            time: row.create_time,
        })
    }
}

impl Stored for MonthlyReport {
    const TABLE: &'static str = "monthly_reports";
    const ID: &'static str = "report_id";
    type Row = ReportRow;

    fn id(&self) -> Uuid {
        self.id
    }

    async fn insert(&self, conn: &mut AsyncPgConnection) -> QueryResult<usize> {
        let row = ReportRow::from(self);
        diesel::insert_into(monthly_reports::table).values(row).on_conflict_do_nothing().execute(conn).await
    }
}

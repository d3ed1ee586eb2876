use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::{Area, FundYear, InstitutionCode, SettlementMonth};
use serde_json::Value;
use uuid::Uuid;

use super::{Page, from_json, made, read, to_json};
use crate::domain::report::MonthlyReport;
use crate::schema::monthly_reports;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = monthly_reports)]
struct ReportRow {
    area: String,
    report_id: Uuid,
    fund_year: i32,
    institution_code: String,
    settlement_month: NaiveDate,
    measured: Value,
    reporter: String,
    create_time: DateTime<Utc>,
}

fn row(new: &MonthlyReport) -> ReportRow {
    ReportRow {
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

fn from_row(row: ReportRow) -> Result<MonthlyReport, DbError> {
    Ok(MonthlyReport {
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

/// Adds a report; `false` if its id is taken.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, new: &MonthlyReport) -> Result<bool, DbError> {
    let insert = diesel::insert_into(monthly_reports::table).values(row(new)).on_conflict_do_nothing();
    made(insert.execute(conn).await)
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
) -> Result<Vec<MonthlyReport>, DbError> {
    let mut query = monthly_reports::table
        .filter(monthly_reports::area.eq(area.as_str()))
        .filter(monthly_reports::fund_year.eq(fund_year.get()))
        .filter(monthly_reports::report_id.gt(page.after.unwrap_or_default()))
        .select(ReportRow::as_select())
        .order(monthly_reports::report_id)
        .limit(page.limit())
        .into_boxed();
    if let Some(code) = code {
        query = query.filter(monthly_reports::institution_code.eq(code.as_str().to_owned()));
    }
    query.load(conn).await?.into_iter().map(from_row).collect()
}

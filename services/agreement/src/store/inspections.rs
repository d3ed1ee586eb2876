use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_money::Fen;
use medfund_types::{Area, FundYear, InstitutionCode, SettlementMonth};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::{Page, from_json, made, read, to_json};
use crate::domain::inspection::{Inspection, Sample};
use crate::domain::two_persons::TwoPersons;
use crate::schema::inspections;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = inspections)]
struct InspectionRow {
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

fn row(new: &Inspection) -> InspectionRow {
    InspectionRow {
        area: new.area.to_string(),
        inspection_id: new.id,
        fund_year: new.fund_year.get(),
        institution_code: new.institution.to_string(),
        fund_line: new.fund_line.to_string(),
        settlement_month: new.month.first_day(),
        n_population: new.sample.n_population,
        n_sample: new.sample.n_sample,
        violating_cases: to_json(&new.sample.violating_cases),
        sample_violating_fen: new.violating.get(),
        sampling_rate: new.sampling_rate.get(),
        extrapolated: new.extrapolated,
        refused_fen: new.refused.get(),
        maker: new.persons.maker.clone(),
        checker: new.persons.checker.clone(),
    }
}

fn from_row(row: InspectionRow) -> Result<Inspection, DbError> {
    Ok(Inspection {
        area: read(row.area)?,
        id: row.inspection_id,
        fund_year: read(row.fund_year)?,
        institution: read(row.institution_code)?,
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
        persons: TwoPersons { maker: row.maker, checker: row.checker },
    })
}

/// Adds an inspection; `false` if its id is taken.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, new: &Inspection) -> Result<bool, DbError> {
    let insert = diesel::insert_into(inspections::table).values(row(new)).on_conflict_do_nothing();
    made(insert.execute(conn).await)
}

/// Writes who confirmed an inspection.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn update_checker(conn: &mut AsyncPgConnection, after: &Inspection) -> Result<(), DbError> {
    diesel::update(inspections::table.find((after.area.as_str(), after.id)))
        .set(inspections::checker.eq(&after.persons.checker))
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads an inspection.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Inspection>, DbError> {
    let found = inspections::table.find((area.as_str(), id)).select(InspectionRow::as_select());
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Reads an inspection and locks its row until the caller's transaction ends.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Inspection>, DbError> {
    let found = inspections::table.find((area.as_str(), id)).select(InspectionRow::as_select()).for_update();
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// The confirmed inspection of the same institution, fund line and month.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find_confirmed(
    conn: &mut AsyncPgConnection,
    like: &Inspection,
) -> Result<Option<Uuid>, DbError> {
    let found = inspections::table
        .filter(inspections::area.eq(like.area.as_str()))
        .filter(inspections::institution_code.eq(like.institution.as_str()))
        .filter(inspections::fund_line.eq(like.fund_line.as_str()))
        .filter(inspections::settlement_month.eq(like.month.first_day()))
        .filter(inspections::checker.is_not_null())
        .select(inspections::inspection_id);
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
) -> Result<Vec<Inspection>, DbError> {
    let mut query = inspections::table
        .filter(inspections::area.eq(area.as_str()))
        .filter(inspections::fund_year.eq(fund_year.get()))
        .filter(inspections::inspection_id.gt(page.after.unwrap_or_default()))
        .select(InspectionRow::as_select())
        .order(inspections::inspection_id)
        .limit(page.limit())
        .into_boxed();
    if let Some(code) = code {
        query = query.filter(inspections::institution_code.eq(code.as_str().to_owned()));
    }
    query.load(conn).await?.into_iter().map(from_row).collect()
}

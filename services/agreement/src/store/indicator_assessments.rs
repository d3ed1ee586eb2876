use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::{Area, FundYear, InstitutionCode};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::{Page, damaged, from_json, made, read, to_json};
use crate::domain::indicators::Assessment;
use crate::domain::two_persons::TwoPersons;
use crate::schema::indicator_assessments;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = indicator_assessments)]
struct AssessmentRow {
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

fn row(new: &Assessment) -> AssessmentRow {
    AssessmentRow {
        area: new.area.to_string(),
        assessment_id: new.id,
        fund_year: new.fund_year.get(),
        institution_code: new.institution.to_string(),
        measured: to_json(&new.measured),
        quarter_visits: new.quarter_visits.map(Vec::from),
        deductions: to_json(&new.deductions),
        deduction_rate: new.deduction_rate.get(),
        maker: new.persons.maker.clone(),
        checker: new.persons.checker.clone(),
    }
}

fn from_row(row: AssessmentRow) -> Result<Assessment, DbError> {
    let quarter_visits = row.quarter_visits.map(<[i64; 4]>::try_from).transpose();
    let quarter_visits = quarter_visits.map_err(|_| damaged("not four quarters"))?;
    Ok(Assessment {
        area: read(row.area)?,
        id: row.assessment_id,
        fund_year: read(row.fund_year)?,
        institution: read(row.institution_code)?,
        measured: from_json(row.measured)?,
        quarter_visits,
        deductions: from_json(row.deductions)?,
        deduction_rate: read(row.deduction_rate)?,
        persons: TwoPersons { maker: row.maker, checker: row.checker },
    })
}

/// Adds an assessment; `false` if its id is taken.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, new: &Assessment) -> Result<bool, DbError> {
    let insert = diesel::insert_into(indicator_assessments::table).values(row(new)).on_conflict_do_nothing();
    made(insert.execute(conn).await)
}

/// Writes who confirmed an assessment.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn update_checker(conn: &mut AsyncPgConnection, after: &Assessment) -> Result<(), DbError> {
    diesel::update(indicator_assessments::table.find((after.area.as_str(), after.id)))
        .set(indicator_assessments::checker.eq(&after.persons.checker))
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads an assessment.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Assessment>, DbError> {
    let found = indicator_assessments::table.find((area.as_str(), id)).select(AssessmentRow::as_select());
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Reads an assessment and locks its row until the caller's transaction ends.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Assessment>, DbError> {
    let found = indicator_assessments::table
        .find((area.as_str(), id))
        .select(AssessmentRow::as_select())
        .for_update();
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// The confirmed assessment of the same institution and fund year.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find_confirmed(
    conn: &mut AsyncPgConnection,
    like: &Assessment,
) -> Result<Option<Uuid>, DbError> {
    let found = indicator_assessments::table
        .filter(indicator_assessments::area.eq(like.area.as_str()))
        .filter(indicator_assessments::institution_code.eq(like.institution.as_str()))
        .filter(indicator_assessments::fund_year.eq(like.fund_year.get()))
        .filter(indicator_assessments::checker.is_not_null())
        .select(indicator_assessments::assessment_id);
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
) -> Result<Vec<Assessment>, DbError> {
    let mut query = indicator_assessments::table
        .filter(indicator_assessments::area.eq(area.as_str()))
        .filter(indicator_assessments::fund_year.eq(fund_year.get()))
        .filter(indicator_assessments::assessment_id.gt(page.after.unwrap_or_default()))
        .select(AssessmentRow::as_select())
        .order(indicator_assessments::assessment_id)
        .limit(page.limit())
        .into_boxed();
    if let Some(code) = code {
        query = query.filter(indicator_assessments::institution_code.eq(code.as_str().to_owned()));
    }
    query.load(conn).await?.into_iter().map(from_row).collect()
}

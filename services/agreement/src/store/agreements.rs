use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::{Area, FundYear, InstitutionCode};
use serde_json::Value;
use uuid::Uuid;

use super::schema::agreements;
use super::{Page, from_json, made, read, to_json};
use crate::domain::agreement::{Agreement, Signature};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agreements, treat_none_as_null = true)]
struct AgreementRow {
    area: String,
    agreement_id: Uuid,
    fund_year: i32,
    institution_code: String,
    terms: Value,
    indicator_limits: Value,
    supplements: Option<Uuid>,
    effective_date: NaiveDate,
    version: Option<i32>,
    maker: String,
    agency_signer: Option<String>,
    agency_sign_time: Option<DateTime<Utc>>,
    institution_signer: Option<String>,
    institution_sign_time: Option<DateTime<Utc>>,
    management_grade: String,
}

fn row(agreement: &Agreement) -> AgreementRow {
    let signed = |signature: &Option<Signature>| signature.clone().map(|s| (s.signer, s.time)).unzip();
    let (agency_signer, agency_sign_time) = signed(&agreement.agency_signature);
    let (institution_signer, institution_sign_time) = signed(&agreement.institution_signature);
    AgreementRow {
        area: agreement.area.to_string(),
        agreement_id: agreement.id,
        fund_year: agreement.fund_year.get(),
        institution_code: agreement.institution.to_string(),
        terms: to_json(&agreement.terms),
        indicator_limits: to_json(&agreement.indicator_limits),
        supplements: agreement.supplements,
        effective_date: agreement.effective_date,
        version: agreement.version,
        maker: agreement.maker.clone(),
        agency_signer,
        agency_sign_time,
        institution_signer,
        institution_sign_time,
        management_grade: agreement.management_grade.clone(),
    }
}

fn agreement(row: AgreementRow) -> Result<Agreement, DbError> {
    let signature = |signer: Option<String>, time: Option<DateTime<Utc>>| {
        signer.zip(time).map(|(signer, time)| Signature { signer, time })
    };
    Ok(Agreement {
        area: read(row.area)?,
        id: row.agreement_id,
        fund_year: read(row.fund_year)?,
        institution: read(row.institution_code)?,
        terms: from_json(row.terms)?,
        indicator_limits: from_json(row.indicator_limits)?,
        management_grade: row.management_grade,
        supplements: row.supplements,
        effective_date: row.effective_date,
        version: row.version,
        maker: row.maker,
        agency_signature: signature(row.agency_signer, row.agency_sign_time),
        institution_signature: signature(row.institution_signer, row.institution_sign_time),
    })
}

/// Adds a draft; `false` if its id is taken.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, new: &Agreement) -> Result<bool, DbError> {
    made(diesel::insert_into(agreements::table).values(row(new)).on_conflict_do_nothing().execute(conn).await)
}

/// Writes an agreement's signatures.
pub(crate) async fn update(conn: &mut AsyncPgConnection, after: &Agreement) -> Result<(), DbError> {
    diesel::update(agreements::table.find((after.area.as_str(), after.id)))
        .set(row(after))
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads an agreement.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Agreement>, DbError> {
    let found = agreements::table.find((area.as_str(), id)).select(AgreementRow::as_select());
    found.first(conn).await.optional()?.map(agreement).transpose()
}

/// Reads an agreement and locks its row until the caller's transaction ends.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Agreement>, DbError> {
    let found = agreements::table.find((area.as_str(), id)).select(AgreementRow::as_select()).for_update();
    found.first(conn).await.optional()?.map(agreement).transpose()
}

/// The signed versions of an institution and fund year, the first one first.
pub(crate) async fn signed(
    conn: &mut AsyncPgConnection,
    area: &Area,
    code: &InstitutionCode,
    fund_year: FundYear,
) -> Result<Vec<Agreement>, DbError> {
    let rows: Vec<AgreementRow> = agreements::table
        .filter(agreements::area.eq(area.as_str()))
        .filter(agreements::institution_code.eq(code.as_str()))
        .filter(agreements::fund_year.eq(fund_year.get()))
        .filter(agreements::version.is_not_null())
        .order(agreements::version)
        .select(AgreementRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(agreement).collect()
}

/// The fund years that an institution has a signed agreement for, the latest first.
pub(crate) async fn signed_years(
    conn: &mut AsyncPgConnection,
    area: &Area,
    code: &InstitutionCode,
) -> Result<Vec<FundYear>, DbError> {
    let years: Vec<i32> = agreements::table
        .filter(agreements::area.eq(area.as_str()))
        .filter(agreements::institution_code.eq(code.as_str()))
        .filter(agreements::version.eq(1))
        .order(agreements::fund_year.desc())
        .select(agreements::fund_year)
        .load(conn)
        .await?;
    years.into_iter().map(read).collect()
}

/// Agreements of a fund year by institution and id, one more than the page holds.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
    code: Option<&InstitutionCode>,
    page: &Page<(String, Uuid)>,
) -> Result<Vec<Agreement>, DbError> {
    let mut query = agreements::table
        .filter(agreements::area.eq(area.as_str()))
        .filter(agreements::fund_year.eq(fund_year.get()))
        .select(AgreementRow::as_select())
        .order((agreements::institution_code, agreements::agreement_id))
        .limit(page.limit())
        .into_boxed();
    if let Some(code) = code {
        query = query.filter(agreements::institution_code.eq(code.as_str().to_owned()));
    }
    if let Some((code, id)) = page.after.clone() {
        let later = agreements::institution_code.eq(code.clone()).and(agreements::agreement_id.gt(id));
        query = query.filter(agreements::institution_code.gt(code).or(later));
    }
    query.load(conn).await?.into_iter().map(agreement).collect()
}

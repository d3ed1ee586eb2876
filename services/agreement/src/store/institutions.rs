use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::{Area, District, InstitutionCode};
use serde_json::Value;

use super::schema::institutions;
use super::{Page, damaged, from_json, made, read, to_json};
use crate::domain::institution::{Evaluation, Institution, Profile, Standing};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = institutions, treat_none_as_null = true)]
struct InstitutionRow {
    area: String,
    institution_code: String,
    display_name: String,
    district: String,
    level: i16,
    institution_class: String,
    is_primary: bool,
    city_direct: bool,
    members: Value,
    authorised_signers: Vec<String>,
    state: String,
    suspended_through: Option<NaiveDate>,
    evaluator: Option<String>,
    evaluation_reference: Option<String>,
    admitter: Option<String>,
}

fn row(institution: &Institution) -> InstitutionRow {
    let Institution { area, code, profile, standing, evaluation, admitter } = institution.clone();
    let (evaluator, evaluation_reference) = evaluation.map(|e| (e.evaluator, e.reference)).unzip();
    InstitutionRow {
        area: area.into(),
        institution_code: code.into(),
        display_name: profile.display_name,
        district: profile.district.into(),
        level: profile.level,
        institution_class: profile.institution_class,
        is_primary: profile.primary,
        city_direct: profile.city_direct,
        members: to_json(&profile.members),
        authorised_signers: profile.authorised_signers,
        state: standing.word().to_owned(),
        suspended_through: standing.suspended_through(),
        evaluator,
        evaluation_reference,
        admitter,
    }
}

fn institution(row: InstitutionRow) -> Result<Institution, DbError> {
    let standing = Standing::from_word(&row.state, row.suspended_through);
    let evaluation = row.evaluator.zip(row.evaluation_reference);
    Ok(Institution {
        area: read(row.area)?,
        code: read(row.institution_code)?,
        profile: Profile {
            display_name: row.display_name,
            district: read(row.district)?,
            level: row.level,
            institution_class: row.institution_class,
            primary: row.is_primary,
            city_direct: row.city_direct,
            members: from_json(row.members)?,
            authorised_signers: row.authorised_signers,
        },
        standing: standing.ok_or_else(|| damaged(&row.state))?,
        evaluation: evaluation.map(|(evaluator, reference)| Evaluation { evaluator, reference }),
        admitter: row.admitter,
    })
}

/// Adds an institution; `false` if its code is taken.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, new: &Institution) -> Result<bool, DbError> {
    made(
        diesel::insert_into(institutions::table)
            .values(row(new))
            .on_conflict_do_nothing()
            .execute(conn)
            .await,
    )
}

/// Writes what an institution has become.
pub(crate) async fn update(conn: &mut AsyncPgConnection, after: &Institution) -> Result<(), DbError> {
    let key = (after.area.as_str(), after.code.as_str());
    diesel::update(institutions::table.find(key)).set(row(after)).execute(conn).await?;
    Ok(())
}

/// Reads an institution and locks its row until the caller's transaction ends.
///
/// Whatever is decided on an institution locks it first.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    code: &InstitutionCode,
) -> Result<Option<Institution>, DbError> {
    let found = institutions::table.find((area.as_str(), code.as_str()));
    let row = found.select(InstitutionRow::as_select()).for_update().first(conn).await.optional()?;
    row.map(institution).transpose()
}

/// Reads an institution.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    code: &InstitutionCode,
) -> Result<Option<Institution>, DbError> {
    let found = institutions::table.find((area.as_str(), code.as_str()));
    let row = found.select(InstitutionRow::as_select()).first(conn).await.optional()?;
    row.map(institution).transpose()
}

/// Institutions by code, one more than the page holds.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    district: Option<&District>,
    page: &Page<String>,
) -> Result<Vec<Institution>, DbError> {
    let mut query = institutions::table
        .filter(institutions::area.eq(area.as_str()))
        .select(InstitutionRow::as_select())
        .order(institutions::institution_code)
        .limit(page.limit())
        .into_boxed();
    if let Some(district) = district {
        query = query.filter(institutions::district.eq(district.as_str().to_owned()));
    }
    if let Some(after) = &page.after {
        query = query.filter(institutions::institution_code.gt(after.clone()));
    }
    query.load(conn).await?.into_iter().map(institution).collect()
}

/// Locks the area's institutions whose suspension's last day is before `date`, by code.
pub(crate) async fn lock_suspended_before(
    conn: &mut AsyncPgConnection,
    area: &Area,
    date: NaiveDate,
) -> Result<Vec<Institution>, DbError> {
    let rows: Vec<InstitutionRow> = institutions::table
        .filter(institutions::area.eq(area.as_str()))
        .filter(institutions::suspended_through.lt(date))
        .order(institutions::institution_code)
        .select(InstitutionRow::as_select())
        .for_update()
        .load(conn)
        .await?;
    rows.into_iter().map(institution).collect()
}

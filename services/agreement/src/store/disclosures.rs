use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::{Area, FundYear, InstitutionCode};
use serde_json::Value;
use uuid::Uuid;

use super::{Page, from_json, made, read, to_json};
use crate::domain::report::Disclosure;
use crate::domain::two_persons::TwoPersons;
use crate::schema::disclosures;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = disclosures)]
struct DisclosureRow {
    area: String,
    disclosure_id: Uuid,
    fund_year: i32,
    institution_code: String,
    quarter: i32,
    measured: Value,
    maker: String,
    checker: Option<String>,
}

fn row(new: &Disclosure) -> DisclosureRow {
    DisclosureRow {
        area: new.area.to_string(),
        disclosure_id: new.id,
        fund_year: new.fund_year.get(),
        institution_code: new.institution.to_string(),
        quarter: new.quarter.get(),
        measured: to_json(&new.measured),
        maker: new.persons.maker.clone(),
        checker: new.persons.checker.clone(),
    }
}

fn from_row(row: DisclosureRow) -> Result<Disclosure, DbError> {
    Ok(Disclosure {
        area: read(row.area)?,
        id: row.disclosure_id,
        fund_year: read(row.fund_year)?,
        institution: read(row.institution_code)?,
        quarter: read(row.quarter)?,
        measured: from_json(row.measured)?,
        persons: TwoPersons { maker: row.maker, checker: row.checker },
    })
}

/// Adds a disclosure; `false` if its id is taken.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, new: &Disclosure) -> Result<bool, DbError> {
    let insert = diesel::insert_into(disclosures::table).values(row(new)).on_conflict_do_nothing();
    made(insert.execute(conn).await)
}

/// Writes who confirmed a disclosure.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn update_checker(conn: &mut AsyncPgConnection, after: &Disclosure) -> Result<(), DbError> {
    diesel::update(disclosures::table.find((after.area.as_str(), after.id)))
        .set(disclosures::checker.eq(&after.persons.checker))
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads a disclosure.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Disclosure>, DbError> {
    let found = disclosures::table.find((area.as_str(), id)).select(DisclosureRow::as_select());
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Reads a disclosure and locks its row until the caller's transaction ends.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Disclosure>, DbError> {
    let found = disclosures::table.find((area.as_str(), id)).select(DisclosureRow::as_select()).for_update();
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// The published disclosure of the same institution and quarter.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find_confirmed(
    conn: &mut AsyncPgConnection,
    like: &Disclosure,
) -> Result<Option<Uuid>, DbError> {
    let found = disclosures::table
        .filter(disclosures::area.eq(like.area.as_str()))
        .filter(disclosures::institution_code.eq(like.institution.as_str()))
        .filter(disclosures::fund_year.eq(like.fund_year.get()))
        .filter(disclosures::quarter.eq(like.quarter.get()))
        .filter(disclosures::checker.is_not_null())
        .select(disclosures::disclosure_id);
    Ok(found.first(conn).await.optional()?)
}

/// What was published of a fund year by id, one more than the page holds.
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
) -> Result<Vec<Disclosure>, DbError> {
    let mut query = disclosures::table
        .filter(disclosures::area.eq(area.as_str()))
        .filter(disclosures::fund_year.eq(fund_year.get()))
        .filter(disclosures::checker.is_not_null())
        .filter(disclosures::disclosure_id.gt(page.after.unwrap_or_default()))
        .select(DisclosureRow::as_select())
        .order(disclosures::disclosure_id)
        .limit(page.limit())
        .into_boxed();
    if let Some(code) = code {
        query = query.filter(disclosures::institution_code.eq(code.as_str().to_owned()));
    }
    query.load(conn).await?.into_iter().map(from_row).collect()
}

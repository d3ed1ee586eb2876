use diesel::prelude::*;
use diesel::sql_types::{Array, Numeric, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_money::Coefficient;
use medfund_tariff::GroupCode;
use medfund_tariff::coefficient::Coefficients;
use medfund_types::{Area, InstitutionCode};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::schema::tariff_coefficients;
use super::{Page, read};

/// A coefficient of an institution, in one group or, without one, in all that have none of their own.
pub(crate) type OneCoefficient = (InstitutionCode, Option<GroupCode>, Coefficient);

/// What coefficients are listed by: institution and group, which is empty for all groups.
pub(crate) type CoefficientKey = (String, String);

type Row = (String, String, Decimal);

fn from_row((institution, drg, coefficient): Row) -> Result<OneCoefficient, DbError> {
    let group = if drg.is_empty() { None } else { Some(read(drg)?) };
    Ok((read(institution)?, group, read(coefficient.to_string())?))
}

/// Lists coefficients by institution and group, one more than the page holds.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    tariff: Uuid,
    page: &Page<CoefficientKey>,
) -> Result<Vec<OneCoefficient>, DbError> {
    use tariff_coefficients::{coefficient, drg, institution_code};
    let mut query = tariff_coefficients::table
        .filter(tariff_coefficients::area.eq(area.as_str()))
        .filter(tariff_coefficients::tariff_id.eq(tariff))
        .into_boxed();
    if let Some((institution, group)) = page.after.clone() {
        let later = institution_code.gt(institution.clone());
        query = query.filter(later.or(institution_code.eq(institution).and(drg.gt(group))));
    }
    let rows: Vec<Row> = query
        .order((institution_code, drg))
        .limit(page.limit())
        .select((institution_code, drg, coefficient))
        .load(conn)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// Reads what an institution is paid by in a group: its coefficient there, else its general one.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    tariff: Uuid,
    (institution, group): (&InstitutionCode, &GroupCode),
) -> Result<Option<Coefficient>, DbError> {
    use tariff_coefficients::{coefficient, drg, institution_code};
    let found = tariff_coefficients::table
        .filter(tariff_coefficients::area.eq(area.as_str()))
        .filter(tariff_coefficients::tariff_id.eq(tariff))
        .filter(institution_code.eq(institution.as_str()))
        .filter(drg.eq_any([group.as_str(), ""]))
        .order(drg.desc())
        .select(coefficient);
    let found: Option<Decimal> = found.first(conn).await.optional()?;
    found.map(|value| read(value.to_string())).transpose()
}

/// Reads all coefficients of a tariff.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn all(
    conn: &mut AsyncPgConnection,
    area: &Area,
    tariff: Uuid,
) -> Result<Coefficients, DbError> {
    use tariff_coefficients::{coefficient, drg, institution_code};
    let rows: Vec<Row> = tariff_coefficients::table
        .filter(tariff_coefficients::area.eq(area.as_str()))
        .filter(tariff_coefficients::tariff_id.eq(tariff))
        .select((institution_code, drg, coefficient))
        .load(conn)
        .await?;
    let mut all = Coefficients::default();
    for row in rows {
        match from_row(row)? {
            (institution, None, value) => all.set_general(institution, value),
            (institution, Some(group), value) => all.set(institution, group, value),
        }
    }
    Ok(all)
}

/// Puts coefficients in the place of those that a tariff had.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn replace(
    conn: &mut AsyncPgConnection,
    area: &Area,
    tariff: Uuid,
    coefficients: &Coefficients,
) -> Result<(), DbError> {
    let own = tariff_coefficients::table
        .filter(tariff_coefficients::area.eq(area.as_str()))
        .filter(tariff_coefficients::tariff_id.eq(tariff));
    diesel::delete(own).execute(conn).await?;
    let general = coefficients.general().map(|(institution, coefficient)| (institution, "", coefficient));
    let by_group = coefficients
        .by_group()
        .map(|(institution, group, coefficient)| (institution, group.as_str(), coefficient));
    let rows: Vec<(&InstitutionCode, &str, Coefficient)> = general.chain(by_group).collect();
    diesel::sql_query(
        "INSERT INTO tariff_coefficients (area, tariff_id, institution_code, drg, coefficient) \
         SELECT $1, $2, * FROM unnest($3, $4, $5)",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<SqlUuid, _>(tariff)
    .bind::<Array<Text>, _>(rows.iter().map(|(institution, ..)| institution.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|(_, group, _)| *group).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(rows.iter().map(|(.., coefficient)| coefficient.get()).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

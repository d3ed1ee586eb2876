use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, FundYear, InstitutionCode, SettlementMonth};
use serde::{Deserialize, Serialize};

use super::columns::Terms;
use super::schema::agreements;

/// An institution's agreement.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agreements)]
pub(crate) struct AgreementRow {
    pub(crate) area: Area,
    pub(crate) fund_year: FundYear,
    pub(crate) institution_code: InstitutionCode,
    pub(crate) version: i32,
    pub(crate) effective_date: NaiveDate,
    pub(crate) agreement: String,
    pub(crate) terms: Terms,
    pub(crate) management_grade: String,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &AgreementRow) -> QueryResult<()> {
    diesel::insert_into(agreements::table)
        .values(row)
        .on_conflict((
            agreements::area,
            agreements::fund_year,
            agreements::institution_code,
            agreements::version,
        ))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Lists a fund year's agreements with their supplements, by institution and version.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<AgreementRow>> {
    agreements::table
        .filter(agreements::area.eq(area.as_str()))
        .filter(agreements::fund_year.eq(fund_year.get()))
        .order((agreements::institution_code, agreements::version))
        .select(AgreementRow::as_select())
        .load(conn)
        .await
}

/// Lists what holds in a month, by institution: the last version that had begun on its first day,
/// or the first version if none had.
pub(crate) async fn in_force(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
    month: SettlementMonth,
) -> QueryResult<Vec<AgreementRow>> {
    Ok(held_in(month, list(conn, area, fund_year).await?))
}

/// Reads what holds in a month for one institution, as [`in_force`] does for all.
pub(crate) async fn own_in_force(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
    institution: &InstitutionCode,
    month: SettlementMonth,
) -> QueryResult<Option<AgreementRow>> {
    let versions = agreements::table
        .filter(agreements::area.eq(area.as_str()))
        .filter(agreements::fund_year.eq(fund_year.get()))
        .filter(agreements::institution_code.eq(institution.as_str()))
        .order(agreements::version)
        .select(AgreementRow::as_select())
        .load(conn)
        .await?;
    Ok(held_in(month, versions).pop())
}

/// Of versions by institution, the one of each that holds in a month.
fn held_in(month: SettlementMonth, versions: Vec<AgreementRow>) -> Vec<AgreementRow> {
    let mut held: Vec<AgreementRow> = Vec::new();
    for row in versions {
        match held.last_mut().filter(|last| last.institution_code == row.institution_code) {
            Some(last) if row.effective_date <= month.first_day() => *last = row,
            Some(_) => {}
            None => held.push(row),
        }
    }
    held
}

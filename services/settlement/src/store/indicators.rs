use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};

use super::columns::Deductions;
use super::schema::indicators;

/// Confirmed indicators.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = indicators)]
pub(crate) struct IndicatorsRow {
    pub(crate) area: Area,
    pub(crate) fund_year: FundYear,
    pub(crate) institution_code: InstitutionCode,
    pub(crate) deductions: Deductions,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &IndicatorsRow) -> QueryResult<()> {
    diesel::insert_into(indicators::table)
        .values(row)
        .on_conflict((indicators::area, indicators::fund_year, indicators::institution_code))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Lists a fund year's indicators, by institution.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<IndicatorsRow>> {
    indicators::table
        .filter(indicators::area.eq(area.as_str()))
        .filter(indicators::fund_year.eq(fund_year.get()))
        .order(indicators::institution_code)
        .select(IndicatorsRow::as_select())
        .load(conn)
        .await
}

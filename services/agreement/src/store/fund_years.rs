use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::{Area, District, FundYear};

use super::read;
use super::schema::fund_years;

/// A fund year that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenFundYear {
    /// The fund year.
    pub(crate) fund_year: FundYear,
    /// The hash of its pack.
    pub(crate) pack_hash: String,
    /// The districts that have budgets of their own.
    pub(crate) districts: Vec<District>,
}

/// Keeps a fund year that was opened.
pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    area: &Area,
    year: &OpenFundYear,
) -> Result<(), DbError> {
    let districts: Vec<&str> = year.districts.iter().map(District::as_str).collect();
    diesel::insert_into(fund_years::table)
        .values((
            fund_years::area.eq(area.as_str()),
            fund_years::fund_year.eq(year.fund_year.get()),
            fund_years::pack_hash.eq(&year.pack_hash),
            fund_years::districts.eq(districts),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// A fund year, if it was heard of.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> Result<Option<OpenFundYear>, DbError> {
    let found = fund_years::table.find((area.as_str(), fund_year.get()));
    let found = found.select((fund_years::pack_hash, fund_years::districts));
    let row: Option<(String, Vec<String>)> = found.first(conn).await.optional()?;
    let Some((pack_hash, districts)) = row else { return Ok(None) };
    let districts = districts.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(Some(OpenFundYear { fund_year, pack_hash, districts }))
}

/// Locks the area's fund years until the caller's transaction ends: who changes what holds across years does so alone.
pub(crate) async fn lock_all(conn: &mut AsyncPgConnection, area: &Area) -> Result<(), DbError> {
    let of_area = fund_years::table.filter(fund_years::area.eq(area.as_str()));
    let years = of_area.order(fund_years::fund_year).select(fund_years::fund_year).for_update();
    let _: Vec<i32> = years.load(conn).await?;
    Ok(())
}

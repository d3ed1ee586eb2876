use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, FundYear};

use super::held;
use super::schema::fund_years;
use crate::domain::calendar::FundYearOpening;

#[derive(Queryable, Selectable)]
#[diesel(table_name = fund_years)]
struct FundYearRow {
    area: String,
    fund_year: i32,
    pack_hash: String,
    pack_id: String,
    districts: Vec<String>,
}

impl From<FundYearRow> for FundYearOpening {
    fn from(row: FundYearRow) -> Self {
        Self {
            area: held(row.area.parse()),
            fund_year: held(row.fund_year.try_into()),
            pack_id: row.pack_id,
            pack_hash: held(row.pack_hash.parse()),
            districts: row.districts.iter().map(|code| held(code.parse())).collect(),
        }
    }
}

/// Reads a fund year.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Option<FundYearOpening>> {
    let found = fund_years::table.find((area.as_str(), fund_year.get())).select(FundYearRow::as_select());
    Ok(found.first(conn).await.optional()?.map(FundYearOpening::from))
}

/// Lists an area's fund years, the last first.
pub(crate) async fn list(conn: &mut AsyncPgConnection, area: &Area) -> QueryResult<Vec<FundYearOpening>> {
    let of_area = fund_years::table.filter(fund_years::area.eq(area.as_str()));
    let rows: Vec<FundYearRow> =
        of_area.order(fund_years::fund_year.desc()).select(FundYearRow::as_select()).load(conn).await?;
    Ok(rows.into_iter().map(FundYearOpening::from).collect())
}

/// Locks a fund year's row until the caller's transaction ends.
pub(crate) async fn lock(conn: &mut AsyncPgConnection, area: &Area, fund_year: FundYear) -> QueryResult<()> {
    let found = fund_years::table.find((area.as_str(), fund_year.get())).select(fund_years::fund_year);
    found.for_no_key_update().first::<i32>(conn).await?;
    Ok(())
}

/// Writes a new fund year.
pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    opening: &FundYearOpening,
    instant: DateTime<Utc>,
) -> QueryResult<()> {
    let districts: Vec<&str> = opening.districts.iter().map(|district| district.as_str()).collect();
    diesel::insert_into(fund_years::table)
        .values((
            fund_years::area.eq(opening.area.as_str()),
            fund_years::fund_year.eq(opening.fund_year.get()),
            fund_years::pack_hash.eq(opening.pack_hash.as_str()),
            fund_years::pack_id.eq(&opening.pack_id),
            fund_years::districts.eq(districts),
            fund_years::create_time.eq(instant),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

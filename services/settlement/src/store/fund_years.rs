use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, District, FundYear};
use serde::{Deserialize, Serialize};

use super::schema::fund_years;

/// An open fund year.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = fund_years)]
pub(crate) struct FundYearRow {
    pub(crate) area: Area,
    pub(crate) fund_year: FundYear,
    pub(crate) pack_hash: String,
    pub(crate) districts: Vec<District>,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &FundYearRow) -> QueryResult<()> {
    diesel::insert_into(fund_years::table)
        .values(row)
        .on_conflict((fund_years::area, fund_years::fund_year))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads a fund year.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Option<FundYearRow>> {
    let found = fund_years::table.find((area.as_str(), fund_year.get()));
    found.select(FundYearRow::as_select()).first(conn).await.optional()
}

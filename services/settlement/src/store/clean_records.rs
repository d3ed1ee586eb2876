use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};

use super::schema::clean_records;

/// Whether an institution's record is clean.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = clean_records)]
pub(crate) struct CleanRecordRow {
    pub(crate) area: Area,
    pub(crate) fund_year: FundYear,
    pub(crate) institution_code: InstitutionCode,
    pub(crate) clean: bool,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &CleanRecordRow) -> QueryResult<()> {
    diesel::insert_into(clean_records::table)
        .values(row)
        .on_conflict((clean_records::area, clean_records::fund_year, clean_records::institution_code))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Lists a fund year's clean records, by institution.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<CleanRecordRow>> {
    clean_records::table
        .filter(clean_records::area.eq(area.as_str()))
        .filter(clean_records::fund_year.eq(fund_year.get()))
        .order(clean_records::institution_code)
        .select(CleanRecordRow::as_select())
        .load(conn)
        .await
}

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, FundYear};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::schema::agreements;

/// An institution's agreement.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agreements)]
pub(crate) struct AgreementRow {
    pub(crate) area: String,
    pub(crate) fund_year: i32,
    pub(crate) institution_code: String,
    pub(crate) agreement: String,
    pub(crate) terms: Value,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &AgreementRow) -> QueryResult<()> {
    diesel::insert_into(agreements::table)
        .values(row)
        .on_conflict((agreements::area, agreements::fund_year, agreements::institution_code))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Lists a fund year's agreements, by institution.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<AgreementRow>> {
    agreements::table
        .filter(agreements::area.eq(area.as_str()))
        .filter(agreements::fund_year.eq(fund_year.get()))
        .order(agreements::institution_code)
        .select(AgreementRow::as_select())
        .load(conn)
        .await
}

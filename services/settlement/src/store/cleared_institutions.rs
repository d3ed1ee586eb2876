use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::Area;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::schema::cleared_institutions;

/// An institution's result of a clearing.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = cleared_institutions)]
pub(crate) struct ClearedInstitutionRow {
    pub(crate) area: String,
    pub(crate) fund_year: i32,
    pub(crate) fund_line: String,
    pub(crate) district: String,
    pub(crate) institution_code: String,
    pub(crate) result: Value,
    pub(crate) derivations: Value,
}

/// Inserts what is new.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, rows: &[ClearedInstitutionRow]) -> QueryResult<()> {
    for chunk in rows.chunks(1_000) {
        diesel::insert_into(cleared_institutions::table).values(chunk).execute(conn).await?;
    }
    Ok(())
}

/// Lists the results of a clearing that the caller may see, by institution.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    key: (i32, &str, &str),
) -> QueryResult<Vec<ClearedInstitutionRow>> {
    cleared_institutions::table
        .filter(cleared_institutions::area.eq(area.as_str()))
        .filter(cleared_institutions::fund_year.eq(key.0))
        .filter(cleared_institutions::fund_line.eq(key.1))
        .filter(cleared_institutions::district.eq(key.2))
        .order(cleared_institutions::institution_code)
        .select(ClearedInstitutionRow::as_select())
        .load(conn)
        .await
}

/// Takes away the results of a clearing that was rejected and is proposed anew.
pub(crate) async fn delete(
    conn: &mut AsyncPgConnection,
    area: &Area,
    key: (i32, &str, &str),
) -> QueryResult<()> {
    let rejected = cleared_institutions::table
        .filter(cleared_institutions::area.eq(area.as_str()))
        .filter(cleared_institutions::fund_year.eq(key.0))
        .filter(cleared_institutions::fund_line.eq(key.1))
        .filter(cleared_institutions::district.eq(key.2));
    diesel::delete(rejected).execute(conn).await?;
    Ok(())
}

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, District, FundLine, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};

use super::columns::Trees;
use super::schema::cleared_institutions;
use crate::domain::accounts::Pot;
use crate::domain::clearing::Outcome;

/// An institution's result of a clearing.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = cleared_institutions)]
pub(crate) struct ClearedInstitutionRow {
    pub(crate) area: Area,
    pub(crate) fund_year: FundYear,
    pub(crate) fund_line: FundLine,
    pub(crate) district: District,
    pub(crate) institution_code: InstitutionCode,
    pub(crate) result: Outcome,
    pub(crate) derivations: Trees,
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
    pot: &Pot,
) -> QueryResult<Vec<ClearedInstitutionRow>> {
    cleared_institutions::table
        .filter(cleared_institutions::area.eq(area.as_str()))
        .filter(cleared_institutions::fund_year.eq(pot.fund_year))
        .filter(cleared_institutions::fund_line.eq(&pot.fund_line))
        .filter(cleared_institutions::district.eq(&pot.district))
        .order(cleared_institutions::institution_code)
        .select(ClearedInstitutionRow::as_select())
        .load(conn)
        .await
}

/// Takes away the results of a clearing that was rejected and is proposed anew.
pub(crate) async fn delete(conn: &mut AsyncPgConnection, area: &Area, pot: &Pot) -> QueryResult<()> {
    let rejected = cleared_institutions::table
        .filter(cleared_institutions::area.eq(area.as_str()))
        .filter(cleared_institutions::fund_year.eq(pot.fund_year))
        .filter(cleared_institutions::fund_line.eq(&pot.fund_line))
        .filter(cleared_institutions::district.eq(&pot.district));
    diesel::delete(rejected).execute(conn).await?;
    Ok(())
}

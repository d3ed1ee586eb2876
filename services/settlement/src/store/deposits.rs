use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::lock;
use medfund_money::Fen;
use medfund_types::{Area, FundLine, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};

use super::schema::deposits;

/// A forfeited deposit that is being taken.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = deposits)]
pub(crate) struct DepositRow {
    pub(crate) area: Area,
    pub(crate) fund_year: FundYear,
    pub(crate) fund_line: FundLine,
    pub(crate) institution_code: InstitutionCode,
    pub(crate) forfeited_fen: Fen,
    pub(crate) taken_fen: Fen,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &DepositRow) -> QueryResult<()> {
    diesel::insert_into(deposits::table)
        .values(row)
        .on_conflict((deposits::area, deposits::fund_year, deposits::fund_line, deposits::institution_code))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Lets nobody else take of an area's deposits until the caller's transaction ends: a month takes of those of years before
/// while their clearing may.
pub(crate) async fn hold(conn: &mut AsyncPgConnection, area: &Area) -> QueryResult<()> {
    lock::alone(conn, &format!("deposits {area}")).await
}

/// Lists what was taken of a fund year's deposits.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<DepositRow>> {
    deposits::table
        .filter(deposits::area.eq(area.as_str()))
        .filter(deposits::fund_year.eq(fund_year.get()))
        .order((deposits::fund_line, deposits::institution_code))
        .select(DepositRow::as_select())
        .load(conn)
        .await
}

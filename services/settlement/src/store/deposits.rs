use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, FundYear};
use serde::{Deserialize, Serialize};

use super::schema::deposits;

/// A forfeited deposit that is being taken.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = deposits)]
pub(crate) struct DepositRow {
    pub(crate) area: String,
    pub(crate) fund_year: i32,
    pub(crate) fund_line: String,
    pub(crate) institution_code: String,
    pub(crate) forfeited_fen: i64,
    pub(crate) taken_fen: i64,
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

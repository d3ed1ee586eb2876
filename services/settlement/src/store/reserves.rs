use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::{Area, District, FundLine, FundYear};
use serde::{Deserialize, Serialize};

use super::schema::reserves;
use crate::domain::accounts::Pot;

/// The reserve for overspend.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = reserves)]
pub(crate) struct ReserveRow {
    pub(crate) area: Area,
    pub(crate) fund_year: FundYear,
    pub(crate) fund_line: FundLine,
    pub(crate) district: District,
    pub(crate) reserve_fen: Fen,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &ReserveRow) -> QueryResult<()> {
    diesel::insert_into(reserves::table)
        .values(row)
        .on_conflict((reserves::area, reserves::fund_year, reserves::fund_line, reserves::district))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads the reserve for overspend of an open clearing.
pub(crate) async fn find(conn: &mut AsyncPgConnection, area: &Area, pot: &Pot) -> QueryResult<Option<Fen>> {
    let found = reserves::table.find((area, pot.fund_year, &pot.fund_line, &pot.district));
    found.select(reserves::reserve_fen).first(conn).await.optional()
}

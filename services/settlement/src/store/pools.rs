use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::{Area, District, FundLine, FundYear};
use serde::{Deserialize, Serialize};

use super::columns::Kind;
use super::schema::pools;

/// What institutions of a district share of one kind of care.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = pools)]
pub(crate) struct PoolRow {
    pub(crate) area: Area,
    pub(crate) fund_year: FundYear,
    pub(crate) fund_line: FundLine,
    pub(crate) district: District,
    pub(crate) kind_of_care: Kind,
    pub(crate) decision: String,
    pub(crate) pack_hash: String,
    pub(crate) revision: i32,
    pub(crate) amount_fen: Fen,
    pub(crate) adjustment_fen: Fen,
    pub(crate) released_fen: Fen,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &PoolRow) -> QueryResult<()> {
    diesel::insert_into(pools::table)
        .values(row)
        .on_conflict((pools::area, pools::fund_year, pools::fund_line, pools::district, pools::kind_of_care))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads a fund year's pools and locks their rows until the transaction ends, in the order of their keys.
pub(crate) async fn lock_year(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<PoolRow>> {
    pools::table
        .filter(pools::area.eq(area))
        .filter(pools::fund_year.eq(fund_year))
        .order((pools::fund_line, pools::district, pools::kind_of_care))
        .select(PoolRow::as_select())
        .for_update()
        .load(conn)
        .await
}

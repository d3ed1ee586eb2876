use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_policy::KindOfCare;
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};

use super::schema::cleared_institutions;
use super::{from_json, held, json};
use crate::domain::key::BudgetKey;

/// An institution's result of an approved clearing.
#[derive(Insertable)]
#[diesel(table_name = cleared_institutions)]
pub(crate) struct ClearedRow {
    pub(crate) area: String,
    pub(crate) fund_year: i32,
    pub(crate) fund_line: String,
    pub(crate) institution_code: String,
    pub(crate) district: String,
    pub(crate) payable_fen: i64,
    pub(crate) cost_fen: i64,
    pub(crate) final_fen: i64,
    pub(crate) pools: serde_json::Value,
}

/// What an institution received of a pool.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct PoolShare {
    pub(crate) care: KindOfCare,
    pub(crate) settled: Fen,
}

/// Shares of pools as their column holds them.
pub(crate) fn pools(shares: &[PoolShare]) -> serde_json::Value {
    json(&shares)
}

/// An institution with its year's payable and what it receives, and what of that out of pools.
pub(crate) struct Cleared {
    pub(crate) institution: InstitutionCode,
    pub(crate) payable: Fen,
    pub(crate) settled: Fen,
    pub(crate) pools: Vec<PoolShare>,
}

/// Lists the institutions of a district's clearing by code.
pub(crate) async fn list(conn: &mut AsyncPgConnection, key: &BudgetKey) -> QueryResult<Vec<Cleared>> {
    let of_key = cleared_institutions::area
        .eq(key.area.as_str())
        .and(cleared_institutions::fund_year.eq(key.fund_year.get()))
        .and(cleared_institutions::fund_line.eq(key.fund_line.as_str()))
        .and(cleared_institutions::district.eq(key.district.as_str()));
    let rows: Vec<(String, i64, i64, serde_json::Value)> = cleared_institutions::table
        .filter(of_key)
        .order(cleared_institutions::institution_code)
        .select((
            cleared_institutions::institution_code,
            cleared_institutions::payable_fen,
            cleared_institutions::final_fen,
            cleared_institutions::pools,
        ))
        .load(conn)
        .await?;
    let cleared = rows.into_iter().map(|(code, payable, settled, pools)| Cleared {
        institution: held(code.parse()),
        payable: Fen::new(payable),
        settled: Fen::new(settled),
        pools: from_json(pools),
    });
    Ok(cleared.collect())
}

/// Writes an institution's result.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, rows: &[ClearedRow]) -> QueryResult<()> {
    diesel::insert_into(cleared_institutions::table).values(rows).execute(conn).await?;
    Ok(())
}

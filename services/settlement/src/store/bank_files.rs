use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::{Area, FundYear};
use serde::{Deserialize, Serialize};

use super::schema::bank_files;

/// A file that went to the bank.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = bank_files)]
pub(crate) struct BankFileRow {
    pub(crate) area: Area,
    pub(crate) bank_file: String,
    pub(crate) fund_year: FundYear,
    pub(crate) content: Vec<u8>,
    pub(crate) n_orders: i64,
    pub(crate) amount_fen: Fen,
    pub(crate) create_time: DateTime<Utc>,
}

/// Inserts what is new.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, row: &BankFileRow) -> QueryResult<()> {
    diesel::insert_into(bank_files::table).values(row).execute(conn).await?;
    Ok(())
}

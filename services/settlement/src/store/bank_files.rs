use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::{Deserialize, Serialize};

use super::schema::bank_files;

/// A file that went to the bank.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = bank_files)]
pub(crate) struct BankFileRow {
    pub(crate) area: String,
    pub(crate) bank_file: String,
    pub(crate) fund_year: i32,
    pub(crate) content: Vec<u8>,
    pub(crate) n_orders: i64,
    pub(crate) amount_fen: i64,
    pub(crate) create_time: DateTime<Utc>,
}

/// Inserts what is new.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, row: &BankFileRow) -> QueryResult<()> {
    diesel::insert_into(bank_files::table).values(row).execute(conn).await?;
    Ok(())
}

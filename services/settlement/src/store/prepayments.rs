use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, FundYear};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::schema::prepayments;

/// A prepayment.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = prepayments)]
pub(crate) struct PrepaymentRow {
    pub(crate) area: String,
    pub(crate) fund_year: i32,
    pub(crate) kind: String,
    pub(crate) fund_line: String,
    pub(crate) institution_code: String,
    pub(crate) district: String,
    pub(crate) amount_fen: i64,
    pub(crate) counted_fen: i64,
    pub(crate) kept_back_fen: i64,
    pub(crate) payment_order: Option<String>,
    pub(crate) derivation: Value,
}

/// Inserts what is new.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, row: &PrepaymentRow) -> QueryResult<()> {
    diesel::insert_into(prepayments::table).values(row).execute(conn).await?;
    Ok(())
}

/// Lists a fund year's prepayments, by kind, fund line and institution.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<PrepaymentRow>> {
    prepayments::table
        .filter(prepayments::area.eq(area.as_str()))
        .filter(prepayments::fund_year.eq(fund_year.get()))
        .order((prepayments::kind, prepayments::fund_line, prepayments::institution_code))
        .select(PrepaymentRow::as_select())
        .load(conn)
        .await
}

/// Notes what of an advance a month kept back.
pub(crate) async fn update_kept_back(
    conn: &mut AsyncPgConnection,
    row: &PrepaymentRow,
    kept_back_fen: i64,
) -> QueryResult<()> {
    let key = (&*row.area, row.fund_year, &*row.kind, &*row.fund_line, &*row.institution_code);
    let found = prepayments::table.find(key);
    diesel::update(found).set(prepayments::kept_back_fen.eq(kept_back_fen)).execute(conn).await?;
    Ok(())
}

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::InstitutionCode;

use super::held;
use super::schema::payments;
use crate::domain::key::BudgetKey;

/// A payment that the bank confirmed.
#[derive(Insertable)]
#[diesel(table_name = payments)]
pub(crate) struct PaymentRow {
    pub(crate) area: String,
    pub(crate) payment_order: String,
    pub(crate) fund_year: i32,
    pub(crate) fund_line: String,
    pub(crate) institution_code: String,
    pub(crate) amount_fen: i64,
    pub(crate) value_date: NaiveDate,
    pub(crate) pooled_fen: i64,
}

/// What was paid to an institution, and what of it out of pools.
#[derive(Clone, Copy, Default)]
pub(crate) struct Paid {
    pub(crate) amount: Fen,
    pub(crate) pooled: Fen,
}

/// Adds up what was paid to each institution for a fund line's year.
pub(crate) async fn totals(
    conn: &mut AsyncPgConnection,
    key: &BudgetKey,
) -> QueryResult<BTreeMap<InstitutionCode, Paid>> {
    let of_year = payments::area
        .eq(key.area.as_str())
        .and(payments::fund_year.eq(key.fund_year.get()))
        .and(payments::fund_line.eq(key.fund_line.as_str()));
    let columns = (payments::institution_code, payments::amount_fen, payments::pooled_fen);
    let query = payments::table.filter(of_year).select(columns);
    let mut totals: BTreeMap<InstitutionCode, Paid> = BTreeMap::new();
    for (code, amount, pooled) in query.load::<(String, i64, i64)>(conn).await? {
        let paid = totals.entry(held(code.parse())).or_default();
        paid.amount += Fen::new(amount);
        paid.pooled += Fen::new(pooled);
    }
    Ok(totals)
}

/// Writes a confirmed payment.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, row: &PaymentRow) -> QueryResult<()> {
    diesel::insert_into(payments::table).values(row).execute(conn).await?;
    Ok(())
}

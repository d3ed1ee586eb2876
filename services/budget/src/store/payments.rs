use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::{FundLine, InstitutionCode};

use super::held;
use super::schema::payments;
use crate::domain::key::BudgetKey;

/// A payment that the bank confirmed.
#[derive(Insertable)]
#[diesel(table_name = payments)]
pub(crate) struct PaymentRow {
    pub(crate) area: String,
    pub(crate) payment_order: String,
    pub(crate) fund_line: String,
    pub(crate) institution_code: String,
    pub(crate) amount_fen: i64,
    pub(crate) value_date: NaiveDate,
}

/// Lists what was paid in a fund line between two days, both in.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    key: &BudgetKey,
    from: NaiveDate,
    to: NaiveDate,
) -> QueryResult<Vec<(InstitutionCode, Fen)>> {
    let line: &FundLine = &key.fund_line;
    let of_line = payments::area
        .eq(key.area.as_str())
        .and(payments::fund_line.eq(line.as_str()))
        .and(payments::value_date.between(from, to));
    let rows: Vec<(String, i64)> = payments::table
        .filter(of_line)
        .select((payments::institution_code, payments::amount_fen))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(code, amount)| (held(code.parse()), Fen::new(amount))).collect())
}

/// Writes a confirmed payment.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, row: &PaymentRow) -> QueryResult<()> {
    diesel::insert_into(payments::table).values(row).execute(conn).await?;
    Ok(())
}

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::{Area, District, FundLine, FundYear, InstitutionCode};
use serde::{Deserialize, Serialize};

use super::schema::payment_orders;
use crate::domain::OrderKind;
use crate::domain::OrderState;

/// A payment order.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = payment_orders, treat_none_as_null = true)]
pub(crate) struct PaymentOrderRow {
    pub(crate) area: Area,
    pub(crate) payment_order: String,
    pub(crate) kind: OrderKind,
    pub(crate) subject: String,
    pub(crate) fund_year: FundYear,
    pub(crate) fund_line: FundLine,
    pub(crate) district: District,
    pub(crate) institution_code: InstitutionCode,
    pub(crate) amount_fen: Fen,
    pub(crate) state: OrderState,
    pub(crate) maker: String,
    pub(crate) approver: Option<String>,
    pub(crate) bank_file: Option<String>,
    pub(crate) bank_reference: Option<String>,
    pub(crate) value_date: Option<NaiveDate>,
    pub(crate) failure: Option<String>,
    pub(crate) version: i64,
    pub(crate) due_date: Option<NaiveDate>,
    pub(crate) late_reason: String,
    pub(crate) pooled_fen: Fen,
}

/// Inserts what is new.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, row: &PaymentOrderRow) -> QueryResult<()> {
    diesel::insert_into(payment_orders::table).values(row).execute(conn).await?;
    Ok(())
}

/// Lists a fund year's orders, in one state or in any, after `after`, by name.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
    state: Option<OrderState>,
    after: &str,
    limit: i64,
) -> QueryResult<Vec<PaymentOrderRow>> {
    let mut all = payment_orders::table
        .filter(payment_orders::area.eq(area.as_str()))
        .filter(payment_orders::fund_year.eq(fund_year.get()))
        .filter(payment_orders::payment_order.gt(after.to_owned()))
        .into_boxed();
    if let Some(state) = state {
        all = all.filter(payment_orders::state.eq(state));
    }
    all.order(payment_orders::payment_order)
        .limit(limit)
        .select(PaymentOrderRow::as_select())
        .load(conn)
        .await
}

/// Lists a fund year's orders that have a day by which they are due, by name.
pub(crate) async fn list_due(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<PaymentOrderRow>> {
    payment_orders::table
        .filter(payment_orders::area.eq(area))
        .filter(payment_orders::fund_year.eq(fund_year))
        .filter(payment_orders::due_date.is_not_null())
        .filter(payment_orders::state.ne(OrderState::Cancelled))
        .order(payment_orders::payment_order)
        .select(PaymentOrderRow::as_select())
        .load(conn)
        .await
}

/// Reads orders and locks their rows until the transaction ends, by name.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    ids: &[String],
) -> QueryResult<Vec<PaymentOrderRow>> {
    payment_orders::table
        .filter(payment_orders::area.eq(area.as_str()))
        .filter(payment_orders::payment_order.eq_any(ids))
        .order(payment_orders::payment_order)
        .select(PaymentOrderRow::as_select())
        .for_update()
        .load(conn)
        .await
}

/// Reads a fund year's orders that wait for the bank and locks their rows, by name.
pub(crate) async fn lock_waiting(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<PaymentOrderRow>> {
    payment_orders::table
        .filter(payment_orders::area.eq(area.as_str()))
        .filter(payment_orders::fund_year.eq(fund_year.get()))
        .filter(payment_orders::state.eq_any([OrderState::Approved, OrderState::Failed]))
        .order(payment_orders::payment_order)
        .select(PaymentOrderRow::as_select())
        .for_update()
        .load(conn)
        .await
}

/// Reads a fund year's orders that pay something ahead and locks their rows, by name.
pub(crate) async fn lock_prepayments(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
) -> QueryResult<Vec<PaymentOrderRow>> {
    let kinds = [
        OrderKind::Advance,
        OrderKind::WorkingCapital,
        OrderKind::CleanRecord,
        OrderKind::Monthly,
        OrderKind::Instalment,
    ];
    payment_orders::table
        .filter(payment_orders::area.eq(area))
        .filter(payment_orders::fund_year.eq(fund_year))
        .filter(payment_orders::kind.eq_any(kinds))
        .order(payment_orders::payment_order)
        .select(PaymentOrderRow::as_select())
        .for_update()
        .load(conn)
        .await
}

/// Stores an order's new state.
pub(crate) async fn update(conn: &mut AsyncPgConnection, row: &PaymentOrderRow) -> QueryResult<()> {
    let found = payment_orders::table.find((&row.area, &row.payment_order));
    diesel::update(found).set(row).execute(conn).await?;
    Ok(())
}

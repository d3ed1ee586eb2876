//! What the commands that touch payment orders share.

use chrono::NaiveDate;
use medfund_db::Tx;
use medfund_money::Fen;
use medfund_types::{Area, InstitutionCode};

use super::Error;
use crate::domain::accounts::Pot;
use crate::domain::{OrderKind, OrderState, SettlementError};
use crate::store;
use crate::store::payment_orders::PaymentOrderRow;

/// What an order is made for.
pub(super) struct NewOrder<'a> {
    pub(super) id: String,
    pub(super) kind: OrderKind,
    /// What it pays, by its resource name.
    pub(super) subject: String,
    pub(super) pot: &'a Pot,
    pub(super) institution: &'a InstitutionCode,
    pub(super) amount: Fen,
    /// Of it, what pools pay.
    pub(super) pooled: Fen,
    /// The last day in time, where a limit is named.
    pub(super) due: Option<NaiveDate>,
}

impl NewOrder<'_> {
    /// An order that waits for another person than its maker.
    pub(super) fn made_by(self, area: &Area, maker: &str) -> PaymentOrderRow {
        PaymentOrderRow {
            area: area.clone(),
            payment_order: self.id,
            kind: self.kind,
            subject: self.subject,
            fund_year: self.pot.fund_year,
            fund_line: self.pot.fund_line.clone(),
            district: self.pot.district.clone(),
            institution_code: self.institution.clone(),
            amount_fen: self.amount,
            state: OrderState::Created,
            maker: maker.to_owned(),
            approver: None,
            bank_file: None,
            bank_reference: None,
            value_date: None,
            failure: None,
            version: 1,
            // Nobody is late with what an institution owes.
            due_date: self.due.filter(|_| self.amount > Fen::ZERO),
            late_reason: String::new(),
            pooled_fen: self.pooled,
        }
    }
}

/// Locks orders by their ids; every one must be there.
pub(super) async fn locked(tx: &mut Tx<'_>, ids: &[String]) -> Result<Vec<PaymentOrderRow>, Error> {
    let area = tx.area().clone();
    let orders = store::payment_orders::lock(tx.conn(), &area, ids).await?;
    match ids.iter().find(|id| !orders.iter().any(|order| order.payment_order == **id)) {
        Some(missing) => Err(SettlementError::OrderNotFound(missing.clone()).into()),
        None => Ok(orders),
    }
}

/// Refuses an order for where it stands.
pub(super) fn state_error(order: &PaymentOrderRow) -> SettlementError {
    SettlementError::OrderState { order: order.payment_order.clone(), state: order.state }
}

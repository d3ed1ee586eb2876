use medfund_db::{Call, Tx};
use medfund_types::SettlementMonth;

use super::orders::NewOrder;
use super::start_month::year_of;
use super::{Error, Settlement};
use crate::domain::accounts::Pot;
use crate::domain::timeliness::month_due;
use crate::domain::{OrderKind, RunState, SettlementError};
use crate::store;
use crate::store::payment_orders::PaymentOrderRow;

/// Makes the orders of a month's statements that can be paid.
pub(crate) struct CreateOrders {
    pub(crate) call: Call,
    pub(crate) month: SettlementMonth,
}

impl Settlement {
    /// Orders what was confirmed or answered and is not ordered yet.
    pub(crate) async fn create_orders(&self, command: CreateOrders) -> Result<Vec<PaymentOrderRow>, Error> {
        let (this, CreateOrders { call, month }) = (self.clone(), command);
        self.writer.run(call, move |tx| Box::pin(create(this, tx, month))).await
    }
}

async fn create(
    this: Settlement,
    tx: &mut Tx<'_>,
    month: SettlementMonth,
) -> Result<Vec<PaymentOrderRow>, Error> {
    let (area, maker) = (tx.area().clone(), tx.caller().subject.clone());
    let run = store::month_settlements::find(tx.conn(), &area, month).await?;
    if run.is_none_or(|run| run.state != RunState::Settled) {
        return Err(SettlementError::MonthNotSettled(month).into());
    }
    let year = year_of(&this, tx, month).await?;
    let mut orders = Vec::new();
    for mut row in store::statements::lock_payable(tx.conn(), &area, month).await? {
        let new = NewOrder {
            id: row.statement_id.clone(),
            kind: OrderKind::Month,
            subject: format!("areas/{area}/statements/{}", row.statement_id),
            pot: &Pot::new(row.fund_year, &row.fund_line, &row.district),
            institution: &row.institution_code,
            amount: row.order_fen,
            pooled: row.pools.payable.min(row.order_fen),
            due: Some(month_due(&year.pack, year.rules(&row.fund_line)?, month)),
        };
        let order = new.made_by(&area, &maker);
        store::payment_orders::insert(tx.conn(), &order).await?;
        row.payment_order = Some(row.statement_id.clone());
        row.version += 1;
        store::statements::update(tx.conn(), &row).await?;
        orders.push(order);
    }
    Ok(orders)
}

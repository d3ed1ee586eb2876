use medfund_db::{Call, Tx};

use super::{Error, Settlement};
use crate::domain::SettlementError;
use crate::store;
use crate::store::payment_orders::PaymentOrderRow;

/// Approves orders that somebody else made: all of them or none.
pub(crate) struct ApproveOrders {
    pub(crate) call: Call,
    pub(crate) ids: Vec<String>,
}

impl Settlement {
    /// Lets orders go to the bank.
    pub(crate) async fn approve_orders(&self, command: ApproveOrders) -> Result<Vec<PaymentOrderRow>, Error> {
        let ApproveOrders { call, ids } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let approver = tx.caller().subject.clone();
                    let mut orders = locked(tx, &ids).await?;
                    for order in &mut orders {
                        if order.state != "created" {
                            return Err(state_error(order).into());
                        }
                        if order.maker == approver {
                            return Err(SettlementError::MakerIsChecker(order.payment_order.clone()).into());
                        }
                        "approved".clone_into(&mut order.state);
                        order.approver = Some(approver.clone());
                        order.version += 1;
                        store::payment_orders::update(tx.conn(), order).await?;
                    }
                    Ok(orders)
                })
            })
            .await
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

pub(super) fn state_error(order: &PaymentOrderRow) -> SettlementError {
    SettlementError::OrderState { order: order.payment_order.clone(), state: order.state.clone() }
}

use medfund_db::Call;

use super::orders::{locked, state_error};
use super::{Error, Settlement};
use crate::domain::{OrderState, SettlementError};
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
                        if order.state != OrderState::Created {
                            return Err(state_error(order).into());
                        }
                        if order.maker == approver {
                            return Err(SettlementError::MakerIsChecker(order.payment_order.clone()).into());
                        }
                        order.state = OrderState::Approved;
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

use medfund_db::Call;
use medfund_money::Fen;
use medfund_types::SettlementMonth;

use super::pay_ahead::{new_order, pot_of};
use super::{Error, Settlement};
use crate::domain::SettlementError;
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
        let CreateOrders { call, month } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let (area, maker) = (tx.area().clone(), tx.caller().subject.clone());
                    let run = store::month_settlements::find(tx.conn(), &area, month).await?;
                    if run.is_none_or(|run| run.state != "settled") {
                        return Err(SettlementError::MonthNotSettled(month).into());
                    }
                    let mut orders = Vec::new();
                    for mut row in store::statements::lock_payable(tx.conn(), &area, month).await? {
                        let pot = pot_of(row.fund_year, &row.fund_line, &row.district);
                        let (id, amount) = (row.statement_id.clone(), Fen::new(row.order_fen));
                        let institution = &row.institution_code;
                        let order = PaymentOrderRow {
                            subject: format!("areas/{area}/statements/{id}"),
                            ..new_order(area.as_str(), id.clone(), "month", &pot, institution, amount, &maker)
                        };
                        store::payment_orders::insert(tx.conn(), &order).await?;
                        row.payment_order = Some(id);
                        row.version += 1;
                        store::statements::update(tx.conn(), &row).await?;
                        orders.push(order);
                    }
                    Ok(orders)
                })
            })
            .await
    }
}

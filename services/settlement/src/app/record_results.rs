use medfund_db::{Call, Tx};
use medfund_proto::settlement::v1::PaymentCompleted;
use medfund_server::convert::date_to_pb;

use super::orders::{locked, state_error};
use super::post::Posts;
use super::{Error, Settlement};
use crate::domain::{BankResult, Noted, OrderState, SettlementError, accounts, note_result};
use crate::store;
use crate::store::payment_orders::PaymentOrderRow;

/// Records what the bank did.
pub(crate) struct RecordResults {
    pub(crate) call: Call,
    /// The order's id and its result.
    pub(crate) results: Vec<(String, BankResult)>,
}

impl Settlement {
    /// Completes or fails orders; a result that is recorded again changes nothing.
    pub(crate) async fn record_results(&self, command: RecordResults) -> Result<Vec<PaymentOrderRow>, Error> {
        let RecordResults { call, results } = command;
        self.writer.run(call, move |tx| Box::pin(record(tx, results))).await
    }
}

async fn record(tx: &mut Tx<'_>, results: Vec<(String, BankResult)>) -> Result<Vec<PaymentOrderRow>, Error> {
    let mut ids: Vec<String> = results.iter().map(|(order, _)| order.clone()).collect();
    ids.sort();
    ids.dedup();
    let mut orders = locked(tx, &ids).await?;
    let mut posts = Posts::default();
    for (id, result) in results {
        let order = orders.iter_mut().find(|order| order.payment_order == id);
        let order = order.expect("every order was locked");
        let state = match note_result(order.state, last_result(order).as_ref(), &result) {
            Noted::As(state) => state,
            Noted::Before => continue,
            Noted::Differs => return Err(differs(order).into()),
            Noted::NotExported => return Err(state_error(order).into()),
        };
        order.state = state;
        order.bank_reference = Some(result.bank_reference);
        order.version += 1;
        (order.value_date, order.failure) = match result.outcome {
            Ok(value_date) => (Some(value_date), None),
            Err(failure) => (None, Some(failure)),
        };
        store::payment_orders::update(tx.conn(), order).await?;
        if state == OrderState::Completed {
            complete(tx, order, &mut posts).await?;
        }
    }
    posts.post(tx).await?;
    Ok(orders)
}

/// The last result that was recorded for an order.
fn last_result(order: &PaymentOrderRow) -> Option<BankResult> {
    let outcome = match (order.value_date, &order.failure) {
        (Some(value_date), _) => Ok(value_date),
        (None, Some(failure)) => Err(failure.clone()),
        (None, None) => return None,
    };
    Some(BankResult { bank_reference: order.bank_reference.clone()?, outcome })
}

fn differs(order: &PaymentOrderRow) -> SettlementError {
    SettlementError::ResultDiffers {
        order: order.payment_order.clone(),
        bank_reference: order.bank_reference.clone().unwrap_or_default(),
    }
}

/// Posts and announces a payment, or a recovery.
async fn complete(tx: &mut Tx<'_>, order: &PaymentOrderRow, posts: &mut Posts) -> Result<(), Error> {
    let name = format!("areas/{}/paymentOrders/{}", order.area, order.payment_order);
    let owed = accounts::payable(&order.fund_line, &order.institution_code);
    posts.add(tx, (owed, accounts::bank(&order.fund_line)), order.amount_fen, "order_completed", &name);
    let event = PaymentCompleted {
        payment_order: name,
        fund_line: order.fund_line.to_string(),
        institution_code: order.institution_code.to_string(),
        amount_fen: order.amount_fen.get(),
        value_date: order.value_date.map(date_to_pb),
        fund_year: order.fund_year.into(),
        pooled_fen: order.pooled_fen.get(),
    };
    Ok(tx.emit(&event).await?)
}

use chrono::NaiveDate;
use medfund_db::{Call, Tx};
use medfund_money::Fen;
use medfund_proto::settlement::v1::PaymentCompleted;
use medfund_server::convert::date_to_pb;

use super::approve_orders::{locked, state_error};
use super::post::Posts;
use super::{Error, Settlement};
use crate::domain::{SettlementError, accounts};
use crate::store;
use crate::store::payment_orders::PaymentOrderRow;

/// What the bank did with an order.
#[derive(Clone, Debug)]
pub(crate) struct BankResult {
    pub(crate) order: String,
    pub(crate) bank_reference: String,
    /// The value date if it was paid, else the bank's words.
    pub(crate) outcome: Result<NaiveDate, String>,
}

/// Records what the bank did.
pub(crate) struct RecordResults {
    pub(crate) call: Call,
    pub(crate) results: Vec<BankResult>,
}

impl Settlement {
    /// Completes or fails orders; a result that is recorded again changes nothing.
    pub(crate) async fn record_results(&self, command: RecordResults) -> Result<Vec<PaymentOrderRow>, Error> {
        let RecordResults { call, results } = command;
        self.writer.run(call, move |tx| Box::pin(record(tx, results))).await
    }
}

async fn record(tx: &mut Tx<'_>, results: Vec<BankResult>) -> Result<Vec<PaymentOrderRow>, Error> {
    let mut ids: Vec<String> = results.iter().map(|result| result.order.clone()).collect();
    ids.sort();
    ids.dedup();
    let mut orders = locked(tx, &ids).await?;
    let mut posts = Posts::default();
    for result in results {
        let order = orders.iter_mut().find(|order| order.payment_order == result.order);
        let order = order.expect("every order was locked");
        if !note(order, &result)? {
            continue;
        }
        store::payment_orders::update(tx.conn(), order).await?;
        if let Ok(value_date) = result.outcome {
            complete(tx, order, value_date, &mut posts).await?;
        }
    }
    posts.post(tx).await?;
    Ok(orders)
}

/// Notes a result on its order; returns whether it is new.
fn note(order: &mut PaymentOrderRow, result: &BankResult) -> Result<bool, SettlementError> {
    let same_reference = order.bank_reference.as_deref() == Some(&result.bank_reference);
    match (order.state.as_str(), &result.outcome) {
        ("completed", Ok(_)) | ("failed", Err(_)) if same_reference => return Ok(false),
        ("completed", _) => {
            return Err(SettlementError::ResultDiffers {
                order: order.payment_order.clone(),
                bank_reference: order.bank_reference.clone().unwrap_or_default(),
            });
        }
        ("exported", Ok(value_date)) => {
            "completed".clone_into(&mut order.state);
            order.value_date = Some(*value_date);
            order.failure = None;
        }
        ("exported", Err(failure)) => {
            "failed".clone_into(&mut order.state);
            order.failure = Some(failure.clone());
        }
        _ => return Err(state_error(order)),
    }
    order.bank_reference = Some(result.bank_reference.clone());
    order.version += 1;
    Ok(true)
}

/// Posts and announces a payment, or a recovery.
async fn complete(
    tx: &mut Tx<'_>,
    order: &PaymentOrderRow,
    value_date: NaiveDate,
    posts: &mut Posts,
) -> Result<(), Error> {
    let name = format!("areas/{}/paymentOrders/{}", order.area, order.payment_order);
    let owed = accounts::payable(&order.fund_line, &order.institution_code);
    let amount = Fen::new(order.amount_fen);
    posts.add(tx, (owed, accounts::bank(&order.fund_line)), amount, "order_completed", &name);
    let event = PaymentCompleted {
        payment_order: name,
        fund_line: order.fund_line.clone(),
        institution_code: order.institution_code.clone(),
        amount_fen: order.amount_fen,
        value_date: Some(date_to_pb(value_date)),
    };
    Ok(tx.emit(&event).await?)
}

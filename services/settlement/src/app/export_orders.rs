use medfund_db::{Call, Tx};
use medfund_types::FundYear;
use sha2::{Digest, Sha256};

use super::{Error, Settlement};
use crate::domain::{BankLine, OrderState, SettlementError, bank_file};
use crate::store;
use crate::store::bank_files::BankFileRow;

/// Hands all orders of a fund year that wait for the bank to the bank port.
pub(crate) struct ExportOrders {
    pub(crate) call: Call,
    pub(crate) fund_year: FundYear,
}

impl Settlement {
    /// Makes one file of all approved and failed orders.
    pub(crate) async fn export_orders(&self, command: ExportOrders) -> Result<BankFileRow, Error> {
        let ExportOrders { call, fund_year } = command;
        self.writer.run(call, move |tx| Box::pin(export(tx, fund_year))).await
    }
}

async fn export(tx: &mut Tx<'_>, fund_year: FundYear) -> Result<BankFileRow, Error> {
    let (area, instant) = (tx.area().clone(), tx.instant());
    let mut orders = store::payment_orders::lock_waiting(tx.conn(), &area, fund_year).await?;
    if orders.is_empty() {
        return Err(SettlementError::NothingToExport.into());
    }
    let lines: Vec<BankLine<'_>> = orders
        .iter()
        .map(|order| BankLine {
            order: &order.payment_order,
            institution: order.institution_code.as_str(),
            fund_line: order.fund_line.as_str(),
            amount: order.amount_fen,
        })
        .collect();
    let content = bank_file(&lines);
    // Named by what is in it and how often its orders changed: a failed order may go out again.
    let digest = hex::encode(Sha256::digest(&content));
    let versions: i64 = orders.iter().map(|order| order.version).sum();
    let file = BankFileRow {
        area: area.clone(),
        bank_file: format!("{area}-{fund_year}-{}-{versions}.csv", &digest[..16]),
        fund_year,
        n_orders: i64::try_from(orders.len()).expect("orders can be counted"),
        amount_fen: orders.iter().map(|order| order.amount_fen).sum(),
        content,
        create_time: instant,
    };
    store::bank_files::insert(tx.conn(), &file).await?;
    for order in &mut orders {
        order.state = OrderState::Exported;
        order.bank_file = Some(file.bank_file.clone());
        order.version += 1;
        store::payment_orders::update(tx.conn(), order).await?;
    }
    Ok(file)
}

//! Payment orders and the bank that carries them out.

use chrono::NaiveDate;
use medfund_proto::settlement::v1::payment_order::State;
use medfund_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use medfund_proto::settlement::v1::{
    ApprovePaymentOrdersRequest, ExportPaymentOrdersRequest, ListPaymentOrdersRequest, PaymentOrder,
    PaymentResult, RecordPaymentResultsRequest,
};

use super::Year;
use super::names::day;
use crate::suite::rpc;

/// A file that went to the bank.
#[derive(Clone, Debug)]
pub(crate) struct BankFile {
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
}

/// The most orders that one call takes.
const BATCH: usize = 500;

impl Year<'_> {
    /// Has waiting orders approved, sent to the bank in a file, and carried out on `date`.
    ///
    /// When `one_fails` the bank returns the first order for its account, which the institution puts right by
    /// the end of April: until then every file that holds it comes back without it.
    pub(super) async fn pay(&self, step: &str, date: NaiveDate, one_fails: bool) -> anyhow::Result<()> {
        let waiting = self.orders(State::Created).await?;
        for (i, batch) in waiting.chunks(BATCH).enumerate() {
            let request = ApprovePaymentOrdersRequest {
                parent: self.names.area(),
                names: batch.iter().map(|order| order.name.clone()).collect(),
                request_id: self.id(&format!("{step}/orders/approve/{i}")),
            };
            rpc!(self.session, &self.people.checker, Settlement SettlementServiceClient approve_payment_orders, request)
                .await?;
        }
        if waiting.is_empty() {
            return Ok(());
        }
        self.send_to_bank(&format!("{step}/orders/export")).await?;
        let sent = self.orders(State::Exported).await?;
        if one_fails && sent.len() > 1 {
            self.returned(|names| names.push(sent[0].name.clone()));
        }
        let is_open = date < self.within(5, 1);
        let returned = self.returned(|names| names.clone());
        let (failed, paid): (Vec<PaymentOrder>, Vec<PaymentOrder>) =
            sent.into_iter().partition(|order| is_open && returned.contains(&order.name));
        self.report(&format!("{step}/orders/failure"), &failed, date, false).await?;
        self.report(&format!("{step}/orders/paid"), &paid, date, true).await?;
        self.heard().await
    }

    /// Does something with the names of the orders whose accounts were wrong.
    fn returned<T>(&self, act: impl FnOnce(&mut Vec<String>) -> T) -> T {
        act(&mut self.returned.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    async fn send_to_bank(&self, step: &str) -> anyhow::Result<()> {
        let request = ExportPaymentOrdersRequest {
            parent: self.names.area(),
            fund_year: self.region.fund_year.get(),
            request_id: self.id(step),
        };
        let file =
            rpc!(self.session, &self.people.checker, Settlement SettlementServiceClient export_payment_orders, request)
                .await?;
        let mut files = self.bank_files.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        files.push(BankFile { name: file.bank_file, content: file.content });
        Ok(())
    }

    async fn report(
        &self,
        step: &str,
        orders: &[PaymentOrder],
        date: NaiveDate,
        paid: bool,
    ) -> anyhow::Result<()> {
        for (i, batch) in orders.chunks(BATCH).enumerate() {
            let result = |order: &PaymentOrder| PaymentResult {
                payment_order: order.name.clone(),
                bank_reference: if paid {
                    format!("B{}", self.id(&order.subject))
                } else {
                    // Each return is one of its own.
                    format!("R{}", self.id(&format!("{}/{step}", order.subject)))
                },
                paid,
                value_date: if paid { day(date) } else { None },
                failure: if paid { String::new() } else { "收款账户信息不符".to_owned() },
            };
            let request = |n: u32| RecordPaymentResultsRequest {
                parent: self.names.area(),
                results: batch.iter().map(result).collect(),
                request_id: self.id(&format!("{step}/{i}/{n}")),
            };
            // Banks send a day's results twice now and then: the second time changes nothing.
            for n in 0..if paid { 2 } else { 1 } {
                rpc!(self.session, &self.people.officer, Settlement SettlementServiceClient record_payment_results, request(n))
                    .await?;
            }
        }
        Ok(())
    }

    async fn orders(&self, state: State) -> anyhow::Result<Vec<PaymentOrder>> {
        let mut orders = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = ListPaymentOrdersRequest {
                parent: self.names.area(),
                fund_year: self.region.fund_year.get(),
                state: state.into(),
                page_size: 500,
                page_token,
            };
            let page =
                rpc!(self.session, &self.people.officer, Settlement SettlementServiceClient list_payment_orders, request)
                    .await?;
            orders.extend(page.payment_orders);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(orders);
            }
        }
    }
}

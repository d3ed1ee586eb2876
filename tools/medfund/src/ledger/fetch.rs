//! Asks the services for what the check compares.

use anyhow::Context;
use medfund_proto::budget::v1 as budget;
use medfund_proto::budget::v1::budget_service_client::BudgetServiceClient;
use medfund_proto::settlement::v1 as settlement;
use medfund_proto::settlement::v1::payment_order::State;
use medfund_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use medfund_types::Area;

use super::books::{Book, Books, Order, Posted, Prepaid, Stated};
use crate::suite::{People, Session, rpc};

/// Everything that tells of an area's money in a fund year.
///
/// # Errors
///
/// If a service refuses to tell.
pub async fn fetch(session: &Session, people: &People, area: &Area, fund_year: i32) -> anyhow::Result<Books> {
    let asker = Asker { session, people, parent: format!("areas/{area}"), fund_year };
    Ok(Books {
        books: vec![asker.budget().await?, asker.settlement().await?],
        statements: asker.statements().await?,
        prepayments: asker.prepayments().await?,
        orders: asker.orders().await?,
    })
}

struct Asker<'a> {
    session: &'a Session,
    people: &'a People,
    parent: String,
    fund_year: i32,
}

/// Reads a list page by page: `pages!(asker, Service Client method, Request { … }, items)`.
macro_rules! pages {
    ($asker:expr, $service:ident $client:ident $method:ident, $request:ident { $($field:ident: $value:expr),* }, $items:ident) => {{
        let (mut all, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = $request { $($field: $value,)* page_size: 500, page_token };
            let page = rpc!($asker.session, &$asker.people.auditor, $service $client $method, request).await?;
            all.extend(page.$items);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break all;
            }
        }
    }};
}

impl Asker<'_> {
    async fn budget(&self) -> anyhow::Result<Book> {
        use budget::{ListLedgerAccountsRequest, ListLedgerTransfersRequest};
        let request = ListLedgerAccountsRequest { parent: self.parent.clone() };
        let told =
            rpc!(self.session, &self.people.auditor, Budget BudgetServiceClient list_ledger_accounts, request).await?;
        let transfers = pages!(self, Budget BudgetServiceClient list_ledger_transfers,
            ListLedgerTransfersRequest { parent: self.parent.clone() }, transfers);
        Ok(Book {
            service: "budget".to_owned(),
            balances: told.accounts.into_iter().map(|a| (a.account, a.credits_fen - a.debits_fen)).collect(),
            transfers: transfers
                .into_iter()
                .map(|t| Posted {
                    id: t.transfer,
                    debit: t.debit_account,
                    credit: t.credit_account,
                    amount_fen: t.amount_fen,
                    code: t.code,
                    reference: t.reference,
                })
                .collect(),
        })
    }

    async fn settlement(&self) -> anyhow::Result<Book> {
        use settlement::{ListLedgerAccountsRequest, ListLedgerTransfersRequest};
        let accounts = pages!(self, Settlement SettlementServiceClient list_ledger_accounts,
            ListLedgerAccountsRequest { parent: self.parent.clone() }, accounts);
        let transfers = pages!(self, Settlement SettlementServiceClient list_ledger_transfers,
            ListLedgerTransfersRequest { parent: self.parent.clone() }, transfers);
        Ok(Book {
            service: "settlement".to_owned(),
            balances: accounts.into_iter().map(|a| (a.account, a.credits_fen - a.debits_fen)).collect(),
            transfers: transfers
                .into_iter()
                .map(|t| Posted {
                    id: t.transfer,
                    debit: t.debit_account,
                    credit: t.credit_account,
                    amount_fen: t.amount_fen,
                    code: t.code,
                    reference: t.reference,
                })
                .collect(),
        })
    }

    async fn statements(&self) -> anyhow::Result<Vec<Stated>> {
        use settlement::ListStatementsRequest;
        let statements = pages!(self, Settlement SettlementServiceClient list_statements,
            ListStatementsRequest { parent: self.parent.clone(), fund_year: self.fund_year, settlement_month: None }, statements);
        let stated = |s: settlement::Statement| Stated {
            name: s.name,
            fund_line: s.fund_line,
            institution: s.institution_code,
            order_fen: s.order_fen,
        };
        Ok(statements.into_iter().map(stated).collect())
    }

    async fn prepayments(&self) -> anyhow::Result<Vec<Prepaid>> {
        use settlement::ListPrepaymentsRequest;
        let prepayments = pages!(self, Settlement SettlementServiceClient list_prepayments,
            ListPrepaymentsRequest { parent: self.parent.clone(), fund_year: self.fund_year }, prepayments);
        let prepaid = |p: settlement::Prepayment| Prepaid {
            kind: p.kind().as_str_name().trim_start_matches("KIND_").to_lowercase().replace('_', " "),
            name: p.name,
            fund_line: p.fund_line,
            institution: p.institution_code,
            amount_fen: p.amount_fen,
            order_fen: p.order_fen,
        };
        Ok(prepayments.into_iter().map(prepaid).collect())
    }

    async fn orders(&self) -> anyhow::Result<Vec<Order>> {
        use settlement::ListPaymentOrdersRequest;
        let orders = pages!(self, Settlement SettlementServiceClient list_payment_orders,
            ListPaymentOrdersRequest { parent: self.parent.clone(), fund_year: self.fund_year, state: 0 }, payment_orders);
        let order = |o: settlement::PaymentOrder| {
            let is_completed = State::try_from(o.state).context("a known state")? == State::Completed;
            Ok(Order {
                name: o.name,
                fund_line: o.fund_line,
                institution: o.institution_code,
                amount_fen: o.amount_fen,
                is_completed,
            })
        };
        orders.into_iter().map(order).collect()
    }
}

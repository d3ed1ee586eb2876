//! The ledgers of the services, as they tell them.

use medfund_proto::budget::v1 as budget;
use medfund_proto::budget::v1::budget_service_client::BudgetServiceClient;
use medfund_proto::settlement::v1 as settlement;
use medfund_proto::settlement::v1::settlement_service_client::SettlementServiceClient;

use super::{Account, Ledger};
use crate::suite::rpc;
use crate::year::Year;

impl Year<'_> {
    /// The accounts of every service, each after its service's name, and what is still on its way between them.
    pub(super) async fn ledger(&self) -> anyhow::Result<Ledger> {
        let auditor = &self.people.auditor;
        let mut accounts = Vec::new();
        let request = budget::ListLedgerAccountsRequest { parent: self.names.area() };
        let told =
            rpc!(self.session, auditor, Budget BudgetServiceClient list_ledger_accounts, request).await?;
        for told in told.accounts {
            let account = format!("budget/{}", told.account);
            accounts.push(Account { account, balance_fen: told.credits_fen - told.debits_fen });
        }
        let mut page_token = String::new();
        loop {
            let parent = self.names.area();
            let request = settlement::ListLedgerAccountsRequest { parent, page_size: 500, page_token };
            let page =
                rpc!(self.session, auditor, Settlement SettlementServiceClient list_ledger_accounts, request)
                    .await?;
            for told in page.accounts {
                let account = format!("settlement/{}", told.account);
                accounts.push(Account { account, balance_fen: told.credits_fen - told.debits_fen });
            }
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        let request = settlement::GetTrialBalanceRequest { parent: self.names.area() };
        let balance =
            rpc!(self.session, auditor, Settlement SettlementServiceClient get_trial_balance, request)
                .await?;
        accounts.sort_by(|a, b| a.account.cmp(&b.account));
        let in_transit = accounts.iter().filter(|account| account.account.contains("/transit/"));
        let transit_balance_fen = in_transit.map(|account| account.balance_fen).sum();
        let transfers = balance.n_transfers + self.budget_transfers().await?;
        Ok(Ledger { transfers, accounts, transit_balance_fen })
    }

    async fn budget_transfers(&self) -> anyhow::Result<i64> {
        let (mut n_transfers, mut page_token) = (0, String::new());
        loop {
            let parent = self.names.area();
            let request = budget::ListLedgerTransfersRequest { parent, page_size: 500, page_token };
            let page =
                rpc!(self.session, &self.people.auditor, Budget BudgetServiceClient list_ledger_transfers, request)
                    .await?;
            n_transfers += i64::try_from(page.transfers.len())?;
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(n_transfers);
            }
        }
    }
}

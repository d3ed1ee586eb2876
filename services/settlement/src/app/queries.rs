use medfund_db::ledger;
use medfund_ledger::{Account, Balance, Transfer};
use medfund_types::{FundYear, SettlementMonth};
use serde::{Deserialize, Serialize};

use super::{Error, Read, Settlement};
use crate::domain::accounts::Pot;
use crate::domain::{OrderState, SettlementError};
use crate::store;
use crate::store::cleared_institutions::ClearedInstitutionRow;
use crate::store::clearings::ClearingRow;
use crate::store::month_settlements::MonthSettlementRow;
use crate::store::payment_orders::PaymentOrderRow;
use crate::store::prepayments::PrepaymentRow;
use crate::store::statements::StatementRow;

/// Which rows of a list to read.
#[derive(Clone, Debug)]
pub(crate) struct Page<K> {
    /// The key of the last row already seen.
    pub(crate) after: Option<K>,
    /// How many rows to return; one more is read to see whether there is a next page.
    pub(crate) size: usize,
}

impl<K> Page<K> {
    pub(super) fn limit(&self) -> i64 {
        i64::try_from(self.size + 1).expect("a page is small")
    }
}

/// A clearing with the results that the caller may see.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ClearingView {
    pub(crate) clearing: ClearingRow,
    pub(crate) institutions: Vec<ClearedInstitutionRow>,
}

/// The whole ledger, added up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TrialBalance {
    pub(crate) n_transfers: i64,
    pub(crate) total: Balance,
    pub(crate) transit: Balance,
}

impl Settlement {
    pub(crate) async fn month_settlement(
        &self,
        read: Read,
        month: SettlementMonth,
    ) -> Result<MonthSettlementRow, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let found = store::month_settlements::find(conn, &area, month).await?;
                    Ok(found.ok_or(SettlementError::MonthSettlementNotFound)?)
                })
            })
            .await
    }

    pub(crate) async fn statement(&self, read: Read, id: String) -> Result<StatementRow, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let found = store::statements::find(conn, &area, &id).await?;
                    Ok(found.ok_or(SettlementError::StatementNotFound)?)
                })
            })
            .await
    }

    pub(crate) async fn statements(
        &self,
        read: Read,
        fund_year: FundYear,
        month: Option<SettlementMonth>,
        page: Page<String>,
    ) -> Result<Vec<StatementRow>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let (limit, after) = (page.limit(), page.after.unwrap_or_default());
                    Ok(store::statements::list(conn, &area, fund_year, month, &after, limit).await?)
                })
            })
            .await
    }

    pub(crate) async fn prepayments(
        &self,
        read: Read,
        fund_year: FundYear,
    ) -> Result<Vec<PrepaymentRow>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move { Ok(store::prepayments::list(conn, &area, fund_year).await?) })
            })
            .await
    }

    pub(crate) async fn payment_orders(
        &self,
        read: Read,
        fund_year: FundYear,
        state: Option<OrderState>,
        page: Page<String>,
    ) -> Result<Vec<PaymentOrderRow>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let (limit, after) = (page.limit(), page.after.unwrap_or_default());
                    Ok(store::payment_orders::list(conn, &area, fund_year, state, &after, limit).await?)
                })
            })
            .await
    }

    pub(crate) async fn clearing(&self, read: Read, pot: Pot) -> Result<ClearingView, Error> {
        let (area, is_institution) = (read.area.clone(), read.caller.institution.is_some());
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let found = store::clearings::find(conn, &area, &pot).await?;
                    let clearing = found.ok_or(SettlementError::ClearingNotFound)?;
                    let institutions = store::cleared_institutions::list(conn, &area, &pot).await?;
                    if is_institution && institutions.is_empty() {
                        return Err(SettlementError::ClearingNotFound.into());
                    }
                    Ok(ClearingView { clearing, institutions })
                })
            })
            .await
    }

    pub(crate) async fn ledger_accounts(&self, read: Read) -> Result<Vec<(Account, Balance)>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let balances = ledger::balances(conn, &area).await?;
                    Ok(balances.iter().map(|(account, balance)| (account.clone(), balance)).collect())
                })
            })
            .await
    }

    pub(crate) async fn ledger_transfers(
        &self,
        read: Read,
        page: Page<i64>,
    ) -> Result<Vec<(i64, Transfer)>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let (limit, after) = (page.limit(), page.after.unwrap_or_default());
                    Ok(ledger::transfers(conn, &area, after, limit).await?)
                })
            })
            .await
    }

    pub(crate) async fn trial_balance(&self, read: Read) -> Result<TrialBalance, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let balances = ledger::balances(conn, &area).await?;
                    let mut sum = TrialBalance {
                        n_transfers: 0,
                        total: Balance::default(),
                        transit: Balance::default(),
                    };
                    for (account, balance) in balances.iter() {
                        add(&mut sum.total, &balance);
                        if account.kind() == medfund_ledger::AccountKind::Transit {
                            add(&mut sum.transit, &balance);
                        }
                    }
                    sum.n_transfers = ledger::count(conn, &area).await?;
                    Ok(sum)
                })
            })
            .await
    }
}

fn add(sum: &mut Balance, more: &Balance) {
    sum.debits += more.debits;
    sum.credits += more.credits;
}

use medfund_ledger::{Account, AccountKind, Balance, Transfer};
use medfund_money::{Derivation, Fen};
use medfund_types::{FundLine, FundYear};
use uuid::Uuid;

use super::year::{Year, business_date};
use super::{App, Error, Page, Read, rules};
use crate::domain::budget::{Budget, BudgetError};
use crate::domain::decomposition::{Decomposition, DecompositionError};
use crate::domain::disclosure::Disclosure;
use crate::domain::execution::{Execution, InstitutionBudget, execution};
use crate::domain::final_account::{FinalAccount, FinalAccountError};
use crate::domain::key::BudgetKey;
use crate::domain::negotiation::NegotiationRound;
use crate::domain::primary_care::{Allotment, AllotmentError};
use crate::domain::quota::{Application, History, QuotaAdjustment};
use crate::domain::reserve::{Reserve, ReserveError};
use crate::domain::target::{Target, TargetError};
use crate::store;
use crate::store::negotiation_rounds::RoundOrder;

/// Reads in one snapshot: the body is an async block over `conn`.
macro_rules! read {
    ($app:expr, $read:expr, |$conn:ident| $body:expr) => {
        $app.reader.run(&$read.caller, &$read.area, move |$conn| Box::pin(async move { $body })).await
    };
}

impl App {
    pub(crate) async fn budget(&self, read: Read, key: BudgetKey) -> Result<Budget, Error> {
        read!(self, read, |conn| Ok(store::budgets::find(conn, &key)
            .await?
            .ok_or(BudgetError::NotFound(key))?))
    }

    pub(crate) async fn target(&self, read: Read, key: BudgetKey) -> Result<Target, Error> {
        read!(self, read, |conn| Ok(store::targets::find(conn, &key)
            .await?
            .ok_or(TargetError::NotFound(key))?))
    }

    pub(crate) async fn decomposition(&self, read: Read, key: BudgetKey) -> Result<Decomposition, Error> {
        read!(self, read, |conn| {
            let found = store::decompositions::find(conn, &key).await?;
            let found = found.ok_or_else(|| DecompositionError::NotFound(key.clone()))?;
            let quotas = store::quotas::list(conn, &key, None, usize::MAX).await?;
            Ok(Decomposition { quotas, ..found })
        })
    }

    pub(crate) async fn reserve(&self, read: Read, key: BudgetKey) -> Result<Reserve, Error> {
        read!(self, read, |conn| Ok(store::reserves::find(conn, &key)
            .await?
            .ok_or(ReserveError::NotFound(key))?))
    }

    pub(crate) async fn final_account(&self, read: Read, key: BudgetKey) -> Result<FinalAccount, Error> {
        read!(self, read, |conn| {
            Ok(store::final_accounts::find(conn, &key).await?.ok_or(FinalAccountError::NotFound(key))?)
        })
    }

    pub(crate) async fn allotment(
        &self,
        read: Read,
        fund_year: FundYear,
        fund_line: FundLine,
    ) -> Result<Allotment, Error> {
        let area = read.area.clone();
        read!(self, read, |conn| {
            let found =
                store::primary_care_allotments::find(conn, &area, fund_year.get(), &fund_line).await?;
            Ok(found.ok_or(AllotmentError::NotFound)?)
        })
    }

    pub(crate) async fn execution(
        &self,
        read: Read,
        key: BudgetKey,
    ) -> Result<(chrono::NaiveDate, Execution), Error> {
        let packs = self.packs.clone();
        read!(self, read, |conn| {
            let target = store::targets::find(conn, &key).await?.filter(|target| target.decision.is_some());
            let target = target.ok_or_else(|| TargetError::NotFound(key.clone()))?;
            let year = Year::of(conn, &packs, &key).await?;
            let today = business_date(conn, &key.area).await?;
            let (from, to) = year.days();
            let settled = store::execution_months::list(conn, &key).await?;
            let payments = store::payments::list(conn, &key, from, to).await?;
            let quotas = store::quotas::list(conn, &key, None, usize::MAX).await?;
            let paid_to =
                |code| payments.iter().filter(|(own, _)| own == code).map(|(_, fen)| *fen).sum::<Fen>();
            let budgets = quotas.iter().map(|quota| InstitutionBudget {
                paid: paid_to(&quota.key.institution),
                institution: quota.key.institution.clone(),
                adjusted_quota: quota.adjusted,
            });
            let levels = rules::warnings(year.rules(&key));
            Ok((today, execution(target.target, &settled, budgets.collect(), year.first_month(), &levels)))
        })
    }

    pub(crate) async fn histories(
        &self,
        read: Read,
        key: BudgetKey,
        page: Page<String>,
    ) -> Result<Vec<History>, Error> {
        read!(self, read, |conn| Ok(store::histories::list(conn, &key, page.after, page.size + 1).await?))
    }

    pub(crate) async fn applications(
        &self,
        read: Read,
        key: BudgetKey,
        page: Page<String>,
    ) -> Result<Vec<Application>, Error> {
        read!(self, read, |conn| Ok(store::applications::list(conn, &key, page.after, page.size + 1).await?))
    }

    pub(crate) async fn negotiation_rounds(
        &self,
        read: Read,
        key: BudgetKey,
        page: Page<RoundOrder>,
    ) -> Result<Vec<NegotiationRound>, Error> {
        read!(self, read, |conn| Ok(
            store::negotiation_rounds::list(conn, &key, page.after, page.size + 1).await?
        ))
    }

    pub(crate) async fn quota_adjustments(
        &self,
        read: Read,
        key: BudgetKey,
        page: Page<Uuid>,
    ) -> Result<Vec<QuotaAdjustment>, Error> {
        read!(self, read, |conn| Ok(
            store::quota_adjustments::list(conn, &key, page.after, page.size + 1).await?
        ))
    }

    pub(crate) async fn disclosures(
        &self,
        read: Read,
        fund_year: FundYear,
        page: Page<Uuid>,
    ) -> Result<Vec<Disclosure>, Error> {
        let area = read.area.clone();
        read!(self, read, |conn| {
            Ok(store::disclosures::list(conn, &area, fund_year, page.after, page.size + 1).await?)
        })
    }

    pub(crate) async fn explanation(&self, read: Read, amount: String) -> Result<Derivation, Error> {
        let area = read.area.clone();
        read!(self, read, |conn| {
            store::derivations::find(conn, &area, &amount).await?.ok_or(Error::UnknownAmount(amount))
        })
    }

    /// The accounts with their balances, and the sum of those towards `settlement`.
    pub(crate) async fn ledger_accounts(&self, read: Read) -> Result<(Vec<(Account, Balance)>, Fen), Error> {
        let area = read.area.clone();
        read!(self, read, |conn| {
            let balances = medfund_db::ledger::balances(conn, &area).await?;
            let transit = balances.net_of(AccountKind::Transit);
            Ok((balances.iter().map(|(account, balance)| (account.clone(), balance)).collect(), transit))
        })
    }

    pub(crate) async fn ledger_transfers(
        &self,
        read: Read,
        page: Page<i64>,
    ) -> Result<Vec<(i64, Transfer)>, Error> {
        let area = read.area.clone();
        let limit = i64::try_from(page.size + 1).expect("a page is small");
        read!(self, read, |conn| {
            Ok(medfund_db::ledger::transfers(conn, &area, page.after.unwrap_or(0), limit).await?)
        })
    }
}

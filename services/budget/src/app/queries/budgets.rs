use std::collections::BTreeMap;

use chrono::NaiveDate;
use medfund_money::Fen;
use medfund_types::{FundLine, FundYear, InstitutionCode};

use super::read;
use crate::app::year::{Year, business_date};
use crate::app::{App, Error, Read, rules};
use crate::domain::budget::{Budget, BudgetError};
use crate::domain::execution::{Execution, InstitutionBudget, PoolBudget, PooledMonth, Settled, execution};
use crate::domain::final_account::{FinalAccount, FinalAccountError};
use crate::domain::key::BudgetKey;
use crate::domain::primary_care::{Allotment, AllotmentError};
use crate::domain::quota::Quota;
use crate::domain::reserve::{Reserve, ReserveError};
use crate::domain::structure::{Structure, StructureError};
use crate::domain::target::{Target, TargetError};
use crate::store;
use crate::store::payments::Paid;

impl App {
    /// A budget.
    pub(crate) async fn budget(&self, read: Read, key: BudgetKey) -> Result<Budget, Error> {
        read!(self, read, |conn| {
            Ok(store::budgets::find(conn, &key).await?.ok_or(BudgetError::NotFound(key))?)
        })
    }

    /// A target.
    pub(crate) async fn target(&self, read: Read, key: BudgetKey) -> Result<Target, Error> {
        read!(self, read, |conn| {
            Ok(store::targets::find(conn, &key).await?.ok_or(TargetError::NotFound(key))?)
        })
    }

    /// A structure.
    pub(crate) async fn structure(&self, read: Read, key: BudgetKey) -> Result<Structure, Error> {
        read!(self, read, |conn| {
            Ok(store::structures::find(conn, &key).await?.ok_or(StructureError::NotFound(key))?)
        })
    }

    /// The reserve of a decided target.
    pub(crate) async fn reserve(&self, read: Read, key: BudgetKey) -> Result<Reserve, Error> {
        read!(self, read, |conn| {
            Ok(store::reserves::find(conn, &key).await?.ok_or(ReserveError::NotFound(key))?)
        })
    }

    /// A closed final account.
    pub(crate) async fn final_account(&self, read: Read, key: BudgetKey) -> Result<FinalAccount, Error> {
        read!(self, read, |conn| {
            Ok(store::final_accounts::find(conn, &key).await?.ok_or(FinalAccountError::NotFound(key))?)
        })
    }

    /// What was allotted for primary care.
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

    /// How a decided target is spent, with the business date it is told for.
    pub(crate) async fn execution(
        &self,
        read: Read,
        key: BudgetKey,
    ) -> Result<(NaiveDate, Execution), Error> {
        let packs = self.packs.clone();
        read!(self, read, |conn| {
            let target = store::targets::find(conn, &key).await?.filter(|target| target.decision.is_some());
            let target = target.ok_or_else(|| TargetError::NotFound(key.clone()))?;
            let year = Year::of(conn, &packs, &key).await?;
            let today = business_date(conn, &key.area).await?;
            let settled = Settled {
                quotas: store::execution_months::list(conn, &key).await?,
                pools: store::execution_pools::list(conn, &key).await?,
            };
            let paid = store::payments::totals(conn, &key).await?;
            let quotas = store::quotas::list_all(conn, &key).await?;
            let structure = store::structures::find(conn, &key).await?.filter(|one| one.decision.is_some());
            let pools = structure.iter().flat_map(Structure::pools);
            let pools = pools.map(|(care, pool)| PoolBudget { care, amount: pool.amount }).collect();
            let budgets = institution_budgets(&quotas, &settled.pools, &paid);
            let levels = rules::warnings(year.rules(&key));
            let first_month = year.first_month();
            Ok((today, execution(target.target, &settled, pools, budgets, first_month, &levels)))
        })
    }
}

/// The institutions that have a quota or share a pool, by code.
fn institution_budgets(
    quotas: &[Quota],
    pooled: &[PooledMonth],
    paid: &BTreeMap<InstitutionCode, Paid>,
) -> Vec<InstitutionBudget> {
    let sharing = pooled.iter().map(|month| (&month.settled.institution, Fen::ZERO));
    let with_quota = quotas.iter().map(|quota| (&quota.key.institution, quota.adjusted));
    let budgets: BTreeMap<&InstitutionCode, Fen> = sharing.chain(with_quota).collect();
    let budget = |(institution, adjusted_quota): (&InstitutionCode, Fen)| {
        let paid = paid.get(institution).copied().unwrap_or_default();
        InstitutionBudget {
            institution: institution.clone(),
            adjusted_quota,
            paid: paid.amount,
            pooled_paid: paid.pooled,
        }
    };
    budgets.into_iter().map(budget).collect()
}

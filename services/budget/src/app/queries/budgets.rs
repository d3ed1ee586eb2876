use chrono::NaiveDate;
use medfund_types::{FundLine, FundYear};

use super::read;
use crate::app::year::{Year, business_date};
use crate::app::{App, Error, Read, rules};
use crate::domain::budget::{Budget, BudgetError};
use crate::domain::execution::{Execution, InstitutionBudget, execution};
use crate::domain::final_account::{FinalAccount, FinalAccountError};
use crate::domain::key::BudgetKey;
use crate::domain::primary_care::{Allotment, AllotmentError};
use crate::domain::reserve::{Reserve, ReserveError};
use crate::domain::target::{Target, TargetError};
use crate::store;

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
            let settled = store::execution_months::list(conn, &key).await?;
            let paid = store::payments::totals(conn, &key).await?;
            let quotas = store::quotas::list_all(conn, &key).await?;
            let budgets = quotas.iter().map(|quota| InstitutionBudget {
                paid: paid.get(&quota.key.institution).copied().unwrap_or_default(),
                institution: quota.key.institution.clone(),
                adjusted_quota: quota.adjusted,
            });
            let levels = rules::warnings(year.rules(&key));
            Ok((today, execution(target.target, &settled, budgets.collect(), year.first_month(), &levels)))
        })
    }
}

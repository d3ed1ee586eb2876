use uuid::Uuid;

use super::{Page, read};
use crate::app::{App, Error, Read};
use crate::domain::decomposition::{Decomposition, DecompositionError};
use crate::domain::key::BudgetKey;
use crate::domain::negotiation::NegotiationRound;
use crate::domain::quota::{Application, History, QuotaAdjustment};
use crate::store;
use crate::store::negotiation_rounds::RoundOrder;

impl App {
    /// A decomposition with its quotas.
    pub(crate) async fn decomposition(&self, read: Read, key: BudgetKey) -> Result<Decomposition, Error> {
        read!(self, read, |conn| {
            let found = store::decompositions::find(conn, &key).await?;
            let found = found.ok_or_else(|| DecompositionError::NotFound(key.clone()))?;
            let quotas = store::quotas::list_all(conn, &key).await?;
            Ok(Decomposition { quotas, ..found })
        })
    }

    /// A district's histories by institution code.
    pub(crate) async fn histories(
        &self,
        read: Read,
        key: BudgetKey,
        page: Page<String>,
    ) -> Result<Vec<History>, Error> {
        read!(self, read, |conn| Ok(store::histories::list(conn, &key, page.after, page.size + 1).await?))
    }

    /// A district's applications by institution code.
    pub(crate) async fn applications(
        &self,
        read: Read,
        key: BudgetKey,
        page: Page<String>,
    ) -> Result<Vec<Application>, Error> {
        read!(self, read, |conn| Ok(store::applications::list(conn, &key, page.after, page.size + 1).await?))
    }

    /// A decomposition's rounds by group and number.
    pub(crate) async fn negotiation_rounds(
        &self,
        read: Read,
        key: BudgetKey,
        page: Page<RoundOrder>,
    ) -> Result<Vec<NegotiationRound>, Error> {
        read!(self, read, |conn| {
            Ok(store::negotiation_rounds::list(conn, &key, page.after, page.size + 1).await?)
        })
    }

    /// A decomposition's adjustments by id.
    pub(crate) async fn quota_adjustments(
        &self,
        read: Read,
        key: BudgetKey,
        page: Page<Uuid>,
    ) -> Result<Vec<QuotaAdjustment>, Error> {
        read!(self, read, |conn| {
            Ok(store::quota_adjustments::list(conn, &key, page.after, page.size + 1).await?)
        })
    }
}

use medfund_db::DbError;

use crate::domain::adoption::AdoptionError;
use crate::domain::batch::BatchError;
use crate::domain::crosswalk::CrosswalkError;
use crate::domain::history::HistoryError;
use crate::domain::scheme::SchemeError;
use crate::domain::tariff::TariffError;
use crate::domain::tariff::proposal::ProposalError;

/// Why a command or query fails: a rule of the domain, or the database.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Scheme(#[from] SchemeError),
    #[error(transparent)]
    Crosswalk(#[from] CrosswalkError),
    #[error(transparent)]
    Adoption(#[from] AdoptionError),
    #[error(transparent)]
    Batch(#[from] BatchError),
    #[error(transparent)]
    History(#[from] HistoryError),
    #[error(transparent)]
    Tariff(#[from] TariffError),
    #[error(transparent)]
    Proposal(#[from] ProposalError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Error {
    /// Whether it may succeed when the same is tried again: the database was busy or away.
    pub(crate) fn is_passing(&self) -> bool {
        let Self::Db(error) = self else { return false };
        error.is_retryable() || matches!(error, DbError::Unavailable(_) | DbError::PoolExhausted)
    }
}

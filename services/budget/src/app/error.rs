use medfund_db::DbError;

use crate::domain::budget::BudgetError;
use crate::domain::calendar::CalendarError;
use crate::domain::decision::DecisionError;
use crate::domain::decomposition::DecompositionError;
use crate::domain::final_account::FinalAccountError;
use crate::domain::pack::PackError;
use crate::domain::primary_care::AllotmentError;
use crate::domain::quota::QuotaError;
use crate::domain::reserve::ReserveError;
use crate::domain::structure::StructureError;
use crate::domain::target::TargetError;
use crate::domain::task::TaskError;

/// Why a command or query fails: a rule of the domain, or the database.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Pack(#[from] PackError),
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    #[error(transparent)]
    Decision(#[from] DecisionError),
    #[error(transparent)]
    Budget(#[from] BudgetError),
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error(transparent)]
    Structure(#[from] StructureError),
    #[error(transparent)]
    Quota(#[from] QuotaError),
    #[error(transparent)]
    Decomposition(#[from] DecompositionError),
    #[error(transparent)]
    Reserve(#[from] ReserveError),
    #[error(transparent)]
    Allotment(#[from] AllotmentError),
    #[error(transparent)]
    FinalAccount(#[from] FinalAccountError),
    #[error(transparent)]
    Task(#[from] TaskError),
    #[error("there is no amount `{0}`")]
    UnknownAmount(String),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

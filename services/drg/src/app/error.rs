use medfund_db::DbError;

use crate::domain::adoption::AdoptionError;
use crate::domain::scheme::SchemeError;

/// Why a command or query fails: a rule of the domain, or the database.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Scheme(#[from] SchemeError),
    #[error(transparent)]
    Adoption(#[from] AdoptionError),
    #[error(transparent)]
    Db(#[from] DbError),
}

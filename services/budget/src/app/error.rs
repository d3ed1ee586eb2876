use medfund_db::DbError;

use crate::domain::calendar::CalendarError;
use crate::domain::decision::DecisionError;
use crate::domain::pack::PackError;

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
    Db(#[from] DbError),
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

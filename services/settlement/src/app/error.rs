use medfund_db::DbError;
use medfund_policy::PackHash;

use crate::domain::SettlementError;
use crate::domain::special_case::SpecialCaseError;

/// Why a command or query fails: a rule of the domain, or the database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The state forbids it.
    #[error(transparent)]
    Settlement(#[from] SettlementError),
    /// A stored pack cannot be read.
    #[error("the stored pack {0} cannot be read")]
    Pack(PackHash),
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

impl From<SpecialCaseError> for Error {
    fn from(error: SpecialCaseError) -> Self {
        SettlementError::from(error).into()
    }
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        match error.constraint() {
            Some("prepayments_key") => SettlementError::PrepaymentExists.into(),
            Some("clearings_key") => SettlementError::ClearingExists.into(),
            Some("experts_key") => SpecialCaseError::ExpertExists.into(),
            Some(_) | None => Self::Db(error),
        }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        DbError::from(error).into()
    }
}

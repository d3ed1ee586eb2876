use diesel::result::Error as DieselError;
use medfund_db::DbError;

use crate::domain::upload::UploadError;

/// Why bills were not taken in or read.
#[derive(Debug, thiserror::Error)]
pub enum BillError {
    /// An upload or a bill does not do what was asked.
    #[error(transparent)]
    Upload(#[from] UploadError),
    /// As many uploads as the service takes send already.
    #[error("too many uploads send at the same time")]
    TooManyStreams,
    /// A pack that was taken in cannot be read.
    #[error("a published pack cannot be read: {0}")]
    Pack(String),
    /// The database.
    #[error(transparent)]
    Database(DbError),
}

impl From<DbError> for BillError {
    fn from(error: DbError) -> Self {
        match error.constraint() {
            Some("uploads_key") => UploadError::Exists.into(),
            Some(_) | None => Self::Database(error),
        }
    }
}

impl From<DieselError> for BillError {
    fn from(error: DieselError) -> Self {
        DbError::from(error).into()
    }
}

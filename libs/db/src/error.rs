use diesel::result::{DatabaseErrorKind, Error};
use uuid::Uuid;

/// What can go wrong on the way to the database and back.
///
/// Services turn [`DbError::Constraint`] into errors of their domain by the
/// constraint's name; `libs/server` maps the rest to a status, once for all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DbError {
    /// The request id was used for a request with other content.
    #[error("the request id was used for another request")]
    RequestIdReused,
    /// The call names an area or institution that the caller's token does not hold.
    #[error("the caller may not act in this area")]
    OtherArea,
    /// Another transaction held a lock for too long.
    #[error("a lock was not granted in time")]
    LockTimeout,
    /// Two transactions waited for each other and this one lost.
    #[error("a deadlock was broken")]
    Deadlock,
    /// The transaction could not be put in order with others.
    #[error("a concurrent transaction changed what this one read")]
    Serialization,
    /// A statement ran for too long.
    #[error("a statement ran for too long")]
    StatementTimeout,
    /// No connection became free in time.
    #[error("no database connection became free in time")]
    PoolExhausted,
    /// The server cannot be reached, or ended the connection.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// A named constraint refused a row.
    #[error("constraint `{name}` was violated")]
    Constraint {
        /// The constraint's name.
        name: String,
        /// What kind of constraint it is.
        kind: ConstraintKind,
    },
    /// A text holds a character that the database does not take: U+0000.
    #[error("a text holds the character U+0000")]
    NotText,
    /// A query that must find a row found none.
    #[error("a row that must exist was not found")]
    NotFound,
    /// The transfer's id was used for another transfer.
    #[error("transfer {0} was made before with other content")]
    TransferReused(Uuid),
    /// The role of the service could get around row-level security.
    #[error("role `{role}` {why}; a service must run as a role that row-level security binds")]
    UnsafeRole {
        /// The role that the service connected as.
        role: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A setting of the connection is wrong.
    #[error("database configuration: {0}")]
    Config(String),
    /// A feed gave something that it may not give.
    #[error("feed `{source_name}` at position {position}: {what}")]
    Feed {
        /// The service whose feed it is.
        source_name: String,
        /// The position of the event.
        position: i64,
        /// What is wrong.
        what: String,
    },
    /// A test made the process fail here.
    #[error("failpoint `{0}`")]
    Failpoint(&'static str),
    /// Anything else: a bug or a broken database. Not for the caller's eyes.
    #[error("database: {0}")]
    Internal(String),
}

/// A kind of constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// A key that exists already.
    Unique,
    /// A reference to nothing.
    ForeignKey,
    /// A check that does not hold, or a change that a table refuses.
    Check,
}

impl DbError {
    /// Whether the same call may succeed when it is made again: the transaction was rolled back.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::LockTimeout | Self::Deadlock | Self::Serialization)
    }

    /// The name of the constraint that was violated, if that is what happened.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        if let Self::Constraint { name, .. } = self { Some(name) } else { None }
    }

    pub(crate) fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<Error> for DbError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "diesel's enums grow, and what is new is internal")]
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::DatabaseError(kind, info) => {
                let constraint = |kind| Self::Constraint {
                    name: info.constraint_name().unwrap_or_default().to_owned(),
                    kind,
                };
                match kind {
                    DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::ExclusionViolation => {
                        constraint(ConstraintKind::Unique)
                    }
                    DatabaseErrorKind::ForeignKeyViolation => constraint(ConstraintKind::ForeignKey),
                    DatabaseErrorKind::CheckViolation | DatabaseErrorKind::RestrictViolation => {
                        constraint(ConstraintKind::Check)
                    }
                    DatabaseErrorKind::SerializationFailure => Self::Serialization,
                    DatabaseErrorKind::UnableToSendCommand | DatabaseErrorKind::ClosedConnection => {
                        Self::Unavailable(info.message().to_owned())
                    }
                    _ => by_message(info.message()),
                }
            }
            Error::RollbackErrorOnCommit { commit_error, .. } => Self::from(*commit_error),
            Error::BrokenTransactionManager => Self::Unavailable("the connection was lost".to_owned()),
            other => Self::Internal(other.to_string()),
        }
    }
}

/// Tells apart what diesel gives no kind for.
///
/// diesel-async keeps only the text of these errors, not the SQLSTATE; every
/// session therefore runs with messages in English, which [`crate::Database`]
/// checks when it connects.
fn by_message(message: &str) -> DbError {
    match message {
        "canceling statement due to lock timeout" => DbError::LockTimeout,
        "deadlock detected" => DbError::Deadlock,
        "canceling statement due to statement timeout" => DbError::StatementTimeout,
        text if text.starts_with("terminating connection") || text.starts_with("the database system is") => {
            DbError::Unavailable(text.to_owned())
        }
        text if text.starts_with("invalid byte sequence for encoding") => DbError::NotText,
        text if text.starts_with("could not obtain lock on row") => DbError::LockTimeout,
        text => DbError::Internal(text.to_owned()),
    }
}

use std::io;
use std::time::Duration;

use medfund_db::{DatabaseConfig, DbError, TlsConfig};
use tonic::Status;

use crate::ErrorReason;
use crate::config::Config;

impl Config {
    /// How this service reaches its database.
    ///
    /// # Errors
    ///
    /// If the file of the database's CA cannot be read.
    pub fn database(&self) -> io::Result<DatabaseConfig> {
        let ca = self.database_ca.as_ref().map(std::fs::read_to_string).transpose()?;
        Ok(DatabaseConfig {
            tls: ca.map(|ca_pem| TlsConfig { ca_pem }),
            max_connections: self.database_connections,
            application_name: self.service.to_owned(),
            ..DatabaseConfig::new(self.database_url.expose())
        })
    }
}

/// What every service answers when its database says no.
///
/// Constraints that mean something are turned into errors of the domain before
/// they come here, by their names.
impl From<&DbError> for ErrorReason {
    fn from(error: &DbError) -> Self {
        match error {
            DbError::RequestIdReused => {
                Self::invalid_argument("REQUEST_ID_REUSED", "请求编号已用于其他内容的请求")
                    .at("request_id", "was used for a request with other content")
            }
            DbError::NotText => Self::invalid_argument("NOT_TEXT", "请求中的文本含有不允许的字符"),
            DbError::OtherArea => Self::not_found("RESOURCE_NOT_FOUND", "资源不存在"),
            DbError::LockTimeout | DbError::Deadlock | DbError::Serialization => {
                Self::aborted("CONCURRENT_CHANGE", "数据正被其他操作修改，请重试")
                    .retry_after(Duration::from_millis(200))
            }
            DbError::StatementTimeout => Self::deadline_exceeded("STATEMENT_TIMEOUT", "处理超时，请稍后重试"),
            DbError::PoolExhausted => Self::unavailable("POOL_EXHAUSTED", "系统繁忙，请稍后重试"),
            DbError::Unavailable(_) => {
                Self::unavailable("DATABASE_UNAVAILABLE", "数据库暂不可用，请稍后重试").hidden()
            }
            DbError::Constraint { .. }
            | DbError::NotFound
            | DbError::TransferReused(_)
            | DbError::UnsafeRole { .. }
            | DbError::Config(_)
            | DbError::Feed { .. }
            | DbError::Failpoint(_)
            | DbError::Internal(_)
            | _ => Self::internal(),
        }
    }
}

/// The status of a database error that no service gives a meaning of its own.
///
/// What is internal is logged, once, and hidden.
#[must_use]
pub fn database_status(error: &DbError) -> Status {
    let reason = ErrorReason::from(error);
    reason.log(error);
    reason.status(error.to_string())
}

#[cfg(test)]
mod tests {
    use tonic::Code;

    use super::*;

    #[test]
    fn what_can_be_tried_again_says_so() {
        let code = |error: DbError| database_status(&error).code();
        assert_eq!(code(DbError::RequestIdReused), Code::InvalidArgument);
        assert_eq!(code(DbError::NotText), Code::InvalidArgument);
        assert_eq!(code(DbError::LockTimeout), Code::Aborted);
        assert_eq!(code(DbError::Deadlock), Code::Aborted);
        assert_eq!(code(DbError::PoolExhausted), Code::Unavailable);
        assert_eq!(code(DbError::OtherArea), Code::NotFound);
        assert_eq!(code(DbError::NotFound), Code::Internal);
    }

    #[test]
    fn the_databases_own_words_stay_inside() {
        for error in
            [DbError::Internal("relation x".to_owned()), DbError::Unavailable("relation x".to_owned())]
        {
            assert!(!database_status(&error).message().contains("relation"));
        }
    }
}

use medfund_server::{ErrorReason, Reason, database_status};
use tonic::Status;

use crate::app::Error;
use crate::domain::adoption::AdoptionError;
use crate::domain::scheme::SchemeError;

const DOMAIN: &str = "drg.medfund";

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        match error {
            Error::Scheme(error) => error.to_status(),
            Error::Adoption(error) => error.to_status(),
            Error::Db(error) => database_status(&error),
        }
    }
}

fn same_person() -> ErrorReason {
    ErrorReason::permission_denied("SAME_PERSON", "经办与复核不得为同一人")
}

impl Reason for SchemeError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NotFound(hash) => {
                ErrorReason::not_found("SCHEME_NOT_FOUND", "分组方案不存在").with("scheme_hash", hash)
            }
            Self::Exists(hash) => {
                ErrorReason::already_exists("SCHEME_EXISTS", "该分组方案已提交").with("scheme_hash", hash)
            }
            Self::AlreadyPublished(hash) => {
                ErrorReason::failed_precondition("SCHEME_ALREADY_PUBLISHED", "分组方案已发布")
                    .with("scheme_hash", hash)
            }
            Self::NotPublished(hash) => {
                ErrorReason::failed_precondition("SCHEME_NOT_PUBLISHED", "分组方案尚未发布")
                    .with("scheme_hash", hash)
            }
            Self::SamePerson => same_person(),
        }
    }
}

impl Reason for AdoptionError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NotFound(_) => ErrorReason::not_found("ADOPTION_NOT_FOUND", "分组方案启用记录不存在"),
            Self::Exists(_) => ErrorReason::already_exists("ADOPTION_EXISTS", "分组方案启用编号已存在"),
            Self::AlreadyConfirmed => {
                ErrorReason::failed_precondition("ADOPTION_ALREADY_CONFIRMED", "分组方案启用已复核")
            }
            Self::SamePerson => same_person(),
            Self::NotLater { effective, latest } => {
                ErrorReason::failed_precondition("ADOPTION_NOT_LATER", "启用日期须晚于已启用的分组方案")
                    .with("effective_date", effective)
                    .with("latest_date", latest)
            }
            Self::NoneInForce(date) => {
                ErrorReason::not_found("NO_SCHEME_IN_FORCE", "该日没有启用的分组方案").with("date", date)
            }
        }
    }
}

use medfund_db::DbError;
use medfund_server::{ErrorReason, Reason, database_status};
use tonic::Status;

use crate::app::Error;
use crate::domain::calendar::CalendarError;
use crate::domain::decision::DecisionError;
use crate::domain::pack::PackError;
use crate::grpc::reasons;

pub(super) const DOMAIN: &str = "budget.medfund";

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        match error {
            Error::Pack(error) => error.to_status(),
            Error::Calendar(error) => error.to_status(),
            Error::Decision(error) => error.to_status(),
            Error::Budget(error) => error.to_status(),
            Error::Target(error) => error.to_status(),
            Error::Structure(error) => error.to_status(),
            Error::Quota(error) => error.to_status(),
            Error::Decomposition(error) => error.to_status(),
            Error::Reserve(error) => error.to_status(),
            Error::Allotment(error) => error.to_status(),
            Error::FinalAccount(error) => error.to_status(),
            Error::Task(error) => error.to_status(),
            Error::UnknownAmount(_) => ErrorReason::not_found("AMOUNT_NOT_FOUND", "没有该金额的推导")
                .status_in(DOMAIN, "there is no amount of this name"),
            Error::Db(error) => match taken(&error) {
                Some(reason) => reason.status_in(DOMAIN, "the name is taken"),
                None => database_status(&error),
            },
        }
    }
}

/// What a key that two calls wanted at once means.
fn taken(error: &DbError) -> Option<ErrorReason> {
    match error.constraint()? {
        "packs_key" => Some(pack_exists()),
        "calendars_key" => Some(calendar_exists()),
        "fund_years_key" => Some(fund_year_exists()),
        "decisions_key" => Some(decision_exists()),
        "quota_adjustments_key" => Some(reasons::adjustment_exists()),
        "negotiation_rounds_key" => Some(reasons::round_exists()),
        "primary_care_allotments_key" => Some(reasons::allotment_exists()),
        "final_accounts_key" => Some(reasons::final_account_exists()),
        "disclosures_key" | "disclosures_subject_once" => {
            Some(ErrorReason::already_exists("DISCLOSURE_EXISTS", "该内容已公开，或编号已存在"))
        }
        _ => None,
    }
}

fn pack_exists() -> ErrorReason {
    ErrorReason::already_exists("PACK_EXISTS", "该政策包已提交")
}

fn calendar_exists() -> ErrorReason {
    ErrorReason::already_exists("CALENDAR_EXISTS", "统筹区已有基金日历")
}

fn fund_year_exists() -> ErrorReason {
    ErrorReason::already_exists("FUND_YEAR_EXISTS", "基金年度已开启")
}

fn decision_exists() -> ErrorReason {
    ErrorReason::already_exists("DECISION_EXISTS", "决定编号已存在")
}

pub(super) fn same_person() -> ErrorReason {
    ErrorReason::permission_denied("SAME_PERSON", "经办与复核不得为同一人")
}

impl Reason for PackError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NotFound(_) => ErrorReason::not_found("PACK_NOT_FOUND", "政策包不存在"),
            Self::Exists(_) => pack_exists(),
            Self::AlreadyPublished(_) => {
                ErrorReason::failed_precondition("PACK_ALREADY_PUBLISHED", "政策包已发布")
            }
            Self::NotPublished(_) => ErrorReason::failed_precondition("PACK_NOT_PUBLISHED", "政策包尚未发布"),
            Self::SamePerson => same_person(),
        }
    }
}

impl Reason for CalendarError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::Exists => calendar_exists(),
            Self::NotFound => ErrorReason::not_found("CALENDAR_NOT_FOUND", "统筹区没有基金日历"),
            Self::NotLater { business_date, requested } => {
                ErrorReason::failed_precondition("DATE_NOT_LATER", "业务日期只能向后推进")
                    .with("business_date", business_date)
                    .with("requested_date", requested)
            }
            Self::FundYearExists(_) => fund_year_exists(),
            Self::FundYearNotFound(_) => ErrorReason::not_found("FUND_YEAR_NOT_FOUND", "基金年度未开启"),
            Self::FundYearNotOpen(year) => {
                ErrorReason::failed_precondition("FUND_YEAR_NOT_OPEN", "基金年度未开启，或无此险种、市区")
                    .with("fund_year", year)
            }
            Self::PackNotForYear(year) => {
                ErrorReason::failed_precondition("PACK_NOT_FOR_YEAR", "政策包不适用于该基金年度")
                    .with("fund_year", year)
            }
            Self::PackNotForArea(region) => {
                ErrorReason::failed_precondition("PACK_NOT_FOR_AREA", "政策包不适用于该统筹区")
                    .with("region", region)
            }
        }
    }
}

impl Reason for DecisionError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NotFound(_) => ErrorReason::not_found("DECISION_NOT_FOUND", "决定不存在"),
            Self::Exists(_) => decision_exists(),
            Self::UnknownMatter(matter) => {
                ErrorReason::failed_precondition("UNKNOWN_MATTER", "政策包未规定该事项的决定机构")
                    .with("matter", matter)
            }
            Self::WrongBody { expected, given } => {
                ErrorReason::failed_precondition("WRONG_BODY", "该事项应由其他机构决定")
                    .with("expected_body", expected)
                    .with("body", given)
            }
            Self::UnknownDistrict => {
                ErrorReason::failed_precondition("UNKNOWN_DISTRICT", "决定的市区与机构层级不符")
            }
            Self::VotesDisagree { n_present, n_for, n_against, n_abstentions } => {
                ErrorReason::failed_precondition("VOTES_DISAGREE", "表决票数与到会人数或结果不符")
                    .with("n_present", n_present)
                    .with("n_votes_for", n_for)
                    .with("n_votes_against", n_against)
                    .with("n_abstentions", n_abstentions)
            }
            Self::MeetingInFuture { meeting_date, business_date } => {
                ErrorReason::failed_precondition("MEETING_IN_FUTURE", "会议日期晚于业务日期")
                    .with("meeting_date", meeting_date)
                    .with("business_date", business_date)
            }
            Self::AlreadyConfirmed(_) => {
                ErrorReason::failed_precondition("DECISION_ALREADY_CONFIRMED", "决定已复核")
            }
            Self::SamePerson => same_person(),
            Self::Unknown(id) => ErrorReason::failed_precondition("DECISION_UNKNOWN", "没有已复核的该决定")
                .with("decision", id),
            Self::Mismatch(field) => {
                ErrorReason::failed_precondition("DECISION_MISMATCH", "该决定不适用于本事项")
                    .with("field", field)
            }
            Self::Required(matter) => {
                ErrorReason::failed_precondition("DECISION_REQUIRED", "该事项须先经决定")
                    .with("matter", matter)
            }
        }
    }
}

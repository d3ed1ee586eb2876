use medfund_server::{ErrorReason, Reason, database_status};
use tonic::Status;

use crate::app::Error;
use crate::domain::agreement::AgreementError;
use crate::domain::error::{AssessmentError, CommonError};
use crate::domain::inspection::InspectionError;
use crate::domain::institution::{InstitutionError, Standing};
use crate::domain::method::MethodError;
use crate::domain::record::{RecordError, RecordKind};
use crate::domain::terms::TermError;
use crate::domain::two_persons::ConfirmError;

const DOMAIN: &str = "agreement.medfund";

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        match error {
            Error::Common(error) => error.to_status(),
            Error::Institution(error) => error.to_status(),
            Error::Method(error) => error.to_status(),
            Error::Agreement(error) => error.to_status(),
            Error::Record(error) => error.to_status(),
            Error::Inspection(error) => error.to_status(),
            Error::Assessment(error) => error.to_status(),
            Error::Db(error) => database_status(&error),
        }
    }
}

fn same_person() -> ErrorReason {
    ErrorReason::permission_denied("SAME_PERSON", "经办与复核不得为同一人")
}

fn institution_not_found() -> ErrorReason {
    ErrorReason::not_found("INSTITUTION_NOT_FOUND", "定点医疗机构不存在")
}

fn institution_state(state: Standing) -> ErrorReason {
    ErrorReason::failed_precondition("INSTITUTION_STATE", "定点医疗机构当前状态不允许该操作")
        .with("state", state.word())
}

fn unknown_indicator(indicator: &str) -> ErrorReason {
    ErrorReason::failed_precondition("UNKNOWN_INDICATOR", "政策包没有该指标").with("indicator", indicator)
}

impl Reason for CommonError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::InstitutionNotFound => institution_not_found(),
            Self::FundYearNotOpen { fund_year } => {
                ErrorReason::failed_precondition("FUND_YEAR_NOT_OPEN", "基金年度未开启")
                    .with("fund_year", fund_year)
            }
            Self::CalendarNotOpen => {
                ErrorReason::failed_precondition("CALENDAR_NOT_OPEN", "统筹区没有基金日历")
            }
            Self::DateInFuture { business_date } => {
                ErrorReason::failed_precondition("DATE_IN_FUTURE", "日期晚于业务日期")
                    .with("business_date", business_date)
            }
            Self::OutsideFundYear { first, last } => {
                ErrorReason::failed_precondition("DATE_OUTSIDE_FUND_YEAR", "日期不在该基金年度内")
                    .with("first_date", first)
                    .with("last_date", last)
            }
        }
    }
}

impl Reason for InstitutionError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::Exists => ErrorReason::already_exists("INSTITUTION_EXISTS", "该机构编码已登记"),
            Self::State { state } => institution_state(*state),
            Self::EvaluatorAdmits | Self::Confirm(ConfirmError::SamePerson) => same_person(),
            Self::SuspensionInPast { through, business_date } => {
                ErrorReason::failed_precondition("SUSPENSION_IN_PAST", "中止期限早于业务日期")
                    .with("suspended_through_date", through)
                    .with("business_date", business_date)
            }
            Self::DistrictBound { fund_year } => {
                ErrorReason::failed_precondition("DISTRICT_BOUND", "该年度服务协议已签订，不得变更所属市、区")
                    .with("fund_year", fund_year)
            }
            Self::ChangeNotFound => ErrorReason::not_found("CHANGE_NOT_FOUND", "变更不存在"),
            Self::ChangeExists => ErrorReason::already_exists("CHANGE_EXISTS", "变更编号已存在"),
            Self::Confirm(ConfirmError::AlreadyConfirmed) => {
                ErrorReason::failed_precondition("CHANGE_ALREADY_CONFIRMED", "变更已复核")
            }
        }
    }
}

impl Reason for MethodError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::UnknownDistrict { district } => {
                ErrorReason::failed_precondition("UNKNOWN_DISTRICT", "该基金年度没有该市、区")
                    .with("district", district)
            }
            Self::DecisionUnknown => ErrorReason::failed_precondition("DECISION_UNKNOWN", "尚未收到该决定"),
            Self::NobodyDecides { matter } => {
                ErrorReason::failed_precondition("UNKNOWN_MATTER", "政策包没有规定由谁决定该事项")
                    .with("matter", matter)
            }
            Self::DecisionMismatch(mismatch) => {
                ErrorReason::failed_precondition("DECISION_MISMATCH", "该决定不适用于本事项")
                    .with("field", mismatch.what)
                    .with("expected", &mismatch.expected)
                    .with("is", &mismatch.is)
            }
            Self::NotAllowed { method } => {
                ErrorReason::failed_precondition("METHOD_NOT_ALLOWED", "政策包不允许该结算方式")
                    .with("method", method)
            }
            Self::Locked { method, from, locked_through } => {
                ErrorReason::failed_precondition("METHOD_LOCKED", "现行结算方式仍在锁定期内")
                    .with("method", method)
                    .with("from_fund_year", from)
                    .with("locked_through_fund_year", locked_through)
            }
        }
    }
}

fn term_reason(error: &TermError) -> ErrorReason {
    match error {
        TermError::UnknownFundLine { fund_line } => unknown_fund_line(fund_line.as_str()),
        TermError::MethodNotAllowed { care, method } => {
            ErrorReason::failed_precondition("METHOD_NOT_ALLOWED", "政策包不允许该结算方式")
                .with("kind_of_care", care)
                .with("method", method)
        }
        TermError::UnknownService { service } => {
            ErrorReason::failed_precondition("UNKNOWN_SERVICE", "政策包没有该床日付费病种")
                .with("service", service)
        }
        TermError::NotOffered { key } => {
            ErrorReason::failed_precondition("STANDARD_NOT_OFFERED", "政策包没有规定此类支付标准")
                .with("key", key)
        }
        TermError::Undecided { district } => {
            ErrorReason::failed_precondition("INPATIENT_METHOD_UNDECIDED", "该市、区尚未确定住院结算方式")
                .with("district", district)
        }
        TermError::NotTheDistricts { method, district_method } => {
            ErrorReason::failed_precondition("NOT_THE_DISTRICTS_METHOD", "与该市、区的住院结算方式不一致")
                .with("method", method)
                .with("district_method", district_method)
        }
    }
}

fn unknown_fund_line(fund_line: &str) -> ErrorReason {
    ErrorReason::failed_precondition("UNKNOWN_FUND_LINE", "政策包没有该险种").with("fund_line", fund_line)
}

impl Reason for AgreementError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NotFound => ErrorReason::not_found("AGREEMENT_NOT_FOUND", "服务协议不存在"),
            Self::Exists => ErrorReason::already_exists("AGREEMENT_EXISTS", "服务协议编号已存在"),
            Self::InstitutionState { state } => institution_state(*state),
            Self::Term(error) => term_reason(error),
            Self::UnknownIndicator { indicator } => unknown_indicator(indicator),
            Self::UnknownManagementGrade { grade } => {
                ErrorReason::failed_precondition("UNKNOWN_MANAGEMENT_GRADE", "政策包没有该管理等级")
                    .with("grade", grade)
            }
            Self::AlreadySigned => {
                ErrorReason::failed_precondition("ALREADY_SIGNED", "该年度服务协议已签订，请另签补充协议")
            }
            Self::NothingToSupplement => {
                ErrorReason::failed_precondition("NOTHING_TO_SUPPLEMENT", "没有可补充的已签协议")
            }
            Self::EffectiveDate { earliest, latest } => {
                ErrorReason::failed_precondition("EFFECTIVE_DATE", "补充协议生效日期不在允许范围内")
                    .with("earliest_date", earliest)
                    .with("latest_date", latest)
            }
            Self::SideAlreadySigned => ErrorReason::failed_precondition("SIDE_ALREADY_SIGNED", "本方已签署"),
            Self::SignerNotAuthorised => {
                ErrorReason::permission_denied("SIGNER_NOT_AUTHORISED", "签署人未获机构授权")
            }
            Self::SamePerson => same_person(),
        }
    }
}

impl Reason for InspectionError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::UnknownFundLine { fund_line } => unknown_fund_line(fund_line.as_str()),
            Self::UnknownKind { kind } => {
                ErrorReason::failed_precondition("UNKNOWN_VIOLATION_KIND", "政策包没有该违规类别")
                    .with("kind", kind)
            }
            Self::SampleTooSmall { sampling_rate, least } => {
                ErrorReason::failed_precondition("SAMPLE_TOO_SMALL", "抽查比例低于规定")
                    .with("sampling_rate", sampling_rate)
                    .with("least_sampling_rate", least)
            }
            Self::AmountOutOfRange => {
                ErrorReason::failed_precondition("AMOUNT_OUT_OF_RANGE", "拒付金额超出范围")
            }
        }
    }
}

impl Reason for AssessmentError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::UnknownGrade { grade } => {
                ErrorReason::failed_precondition("UNKNOWN_GRADE", "政策包没有该评审等级").with("grade", grade)
            }
            Self::UnknownIndicator { indicator } => unknown_indicator(indicator),
            Self::DeductionsDiffer { indicator } => ErrorReason::failed_precondition(
                "DEDUCTIONS_DIFFER",
                "各险种对该指标的扣减规定不同，不能一并考核",
            )
            .with("indicator", indicator),
            Self::IndicatorsMissing { indicators } => {
                ErrorReason::failed_precondition("INDICATORS_MISSING", "缺少应考核的指标")
                    .with("indicators", indicators.join(", "))
            }
            Self::IndicatorsOutdated => {
                ErrorReason::failed_precondition("INDICATORS_OUTDATED", "登记后协议指标值有变，请重新登记")
            }
            Self::YearKnown { fund_year } => {
                ErrorReason::failed_precondition("YEAR_KNOWN", "该年度违规情况由本系统记录")
                    .with("fund_year", fund_year)
            }
            Self::ConductExists => ErrorReason::already_exists("CONDUCT_EXISTS", "该年度守规情况已登记"),
            Self::ConductUnknown { fund_year } => {
                ErrorReason::failed_precondition("CONDUCT_UNKNOWN", "该年度守规情况不明")
                    .with("fund_year", fund_year)
            }
            Self::StatementOutdated => {
                ErrorReason::failed_precondition("STATEMENT_OUTDATED", "认定后又有违规记录复核，请重新认定")
            }
        }
    }
}

fn not_found(kind: RecordKind) -> ErrorReason {
    let (reason, zh) = match kind {
        RecordKind::Violation => ("VIOLATION_NOT_FOUND", "违规记录不存在"),
        RecordKind::Inspection => ("INSPECTION_NOT_FOUND", "抽查不存在"),
        RecordKind::Review => ("REVIEW_NOT_FOUND", "评审结果不存在"),
        RecordKind::Indicators => ("INDICATORS_NOT_FOUND", "指标考核不存在"),
        RecordKind::CleanRecord => ("CLEAN_RECORD_NOT_FOUND", "守规认定不存在"),
        RecordKind::MonthlyReport => ("REPORT_NOT_FOUND", "月报不存在"),
        RecordKind::Disclosure => ("DISCLOSURE_NOT_FOUND", "通报不存在"),
    };
    ErrorReason::not_found(reason, zh)
}

fn exists(kind: RecordKind) -> ErrorReason {
    let (reason, zh) = match kind {
        RecordKind::Violation => ("VIOLATION_EXISTS", "违规记录编号已存在"),
        RecordKind::Inspection => ("INSPECTION_EXISTS", "抽查编号已存在"),
        RecordKind::Review => ("REVIEW_EXISTS", "评审结果编号已存在"),
        RecordKind::Indicators => ("INDICATORS_EXIST", "指标考核编号已存在"),
        RecordKind::CleanRecord => ("CLEAN_RECORD_EXISTS", "守规认定编号已存在"),
        RecordKind::MonthlyReport => ("REPORT_EXISTS", "月报编号已存在"),
        RecordKind::Disclosure => ("DISCLOSURE_EXISTS", "通报编号已存在"),
    };
    ErrorReason::already_exists(reason, zh)
}

/// A record that is confirmed, or whose period's record is.
fn confirmed(kind: RecordKind) -> ErrorReason {
    let (reason, zh) = match kind {
        RecordKind::Violation => ("VIOLATION_ALREADY_CONFIRMED", "违规记录已复核"),
        RecordKind::Inspection => ("INSPECTION_ALREADY_CONFIRMED", "抽查已复核"),
        RecordKind::Disclosure => ("DISCLOSURE_ALREADY_PUBLISHED", "该季度已公布"),
        RecordKind::Review | RecordKind::Indicators | RecordKind::CleanRecord | RecordKind::MonthlyReport => {
            ("YEAR_ALREADY_CONFIRMED", "该年度记录已复核")
        }
    };
    ErrorReason::failed_precondition(reason, zh)
}

impl Reason for RecordError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NotFound(kind) => not_found(*kind),
            Self::Exists(kind) => exists(*kind),
            Self::PeriodConfirmed { kind: RecordKind::Inspection, confirmed } => {
                ErrorReason::failed_precondition("MONTH_ALREADY_INSPECTED", "该月已有复核的抽查")
                    .with("inspection", confirmed)
            }
            Self::AlreadyConfirmed(kind) | Self::PeriodConfirmed { kind, .. } => confirmed(*kind),
            Self::SamePerson => same_person(),
        }
    }
}

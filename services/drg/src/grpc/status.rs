use medfund_server::{ErrorReason, Reason, database_status};
use tonic::Status;

use crate::app::Error;
use crate::domain::adoption::AdoptionError;
use crate::domain::batch::BatchError;
use crate::domain::crosswalk::CrosswalkError;
use crate::domain::history::HistoryError;
use crate::domain::scheme::SchemeError;
use crate::domain::tariff::TariffError;
use crate::domain::tariff::proposal::ProposalError;

const DOMAIN: &str = "drg.medfund";

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        match error {
            Error::Scheme(error) => error.to_status(),
            Error::Crosswalk(error) => error.to_status(),
            Error::Adoption(error) => error.to_status(),
            Error::Batch(error) => error.to_status(),
            Error::History(error) => error.to_status(),
            Error::Tariff(error) => error.to_status(),
            Error::Proposal(error) => error.to_status(),
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

impl Reason for CrosswalkError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        let failed = ErrorReason::failed_precondition;
        match self {
            Self::NotFound(hash) => {
                ErrorReason::not_found("CROSSWALK_NOT_FOUND", "编码对照表不存在").with("crosswalk_hash", hash)
            }
            Self::Exists(hash) => {
                ErrorReason::already_exists("CROSSWALK_EXISTS", "内容相同的编码对照表已提交")
                    .with("crosswalk_hash", hash)
            }
            Self::AlreadyPublished(hash) => {
                failed("CROSSWALK_ALREADY_PUBLISHED", "编码对照表已发布").with("crosswalk_hash", hash)
            }
            Self::NotPublished(hash) => {
                failed("CROSSWALK_NOT_PUBLISHED", "编码对照表尚未发布").with("crosswalk_hash", hash)
            }
            Self::SamePerson => same_person(),
        }
    }
}

impl Reason for AdoptionError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NotFound(_) => ErrorReason::not_found("ADOPTION_NOT_FOUND", "启用记录不存在"),
            Self::Exists(_) => ErrorReason::already_exists("ADOPTION_EXISTS", "启用编号已存在"),
            Self::AlreadyConfirmed => {
                ErrorReason::failed_precondition("ADOPTION_ALREADY_CONFIRMED", "启用已复核")
            }
            Self::SamePerson => same_person(),
            Self::NotLater { effective, latest } => {
                ErrorReason::failed_precondition("ADOPTION_NOT_LATER", "启用日期须晚于已启用的最后一个版本")
                    .with("effective_date", effective)
                    .with("latest_date", latest)
            }
            Self::InThePast { effective, today } => {
                ErrorReason::failed_precondition("ADOPTION_IN_THE_PAST", "启用日期不得早于当日")
                    .with("effective_date", effective)
                    .with("today", today)
            }
            Self::OtherFundYear { fund_year, effective } => {
                ErrorReason::failed_precondition("OTHER_FUND_YEAR", "启用日期不在支付标准的基金年度内")
                    .with("fund_year", fund_year)
                    .with("effective_date", effective)
            }
            Self::SchemeNotInForce { scheme, date } => {
                ErrorReason::failed_precondition("SCHEME_NOT_IN_FORCE", "该日的分组方案与支付标准不一致")
                    .with("scheme_hash", scheme)
                    .with("date", date)
            }
            Self::OtherSchemesTariff(date) => ErrorReason::failed_precondition(
                "TARIFF_OF_OTHER_SCHEME",
                "其他分组方案的支付标准已定于该日或之后启用",
            )
            .with("date", date),
            Self::NoneInForce(date) => {
                ErrorReason::not_found("NO_SCHEME_IN_FORCE", "该日没有启用的分组方案").with("date", date)
            }
        }
    }
}

impl Reason for HistoryError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        let failed = ErrorReason::failed_precondition;
        match self {
            Self::NotFound => ErrorReason::not_found("HISTORY_NOT_FOUND", "历史数据不存在"),
            Self::Exists => ErrorReason::already_exists("HISTORY_EXISTS", "该编号已用于其他历史数据文件"),
            Self::Differs { n_lines } => {
                failed("HISTORY_DIFFERS", "同一文件的行数与首次申报不一致").with("n_lines", n_lines)
            }
            Self::NotOpen => failed("HISTORY_NOT_OPEN", "历史数据已上传完成"),
            Self::NotFinished => failed("HISTORY_NOT_FINISHED", "历史数据尚未上传完成"),
            Self::Gap { next_line, first_line } => failed("HISTORY_GAP", "历史数据上传缺行")
                .with("next_line", next_line)
                .with("first_line", first_line),
            Self::TooLong { n_lines } => {
                failed("HISTORY_TOO_LONG", "历史数据超出申报行数").with("n_lines", n_lines)
            }
            Self::TooSmall(least) => {
                failed("HISTORY_PART_TOO_SMALL", "非末块的历史数据行数过少").with("least_lines", least)
            }
            Self::Incomplete { next_line, n_lines } => failed("HISTORY_INCOMPLETE", "历史数据未传完")
                .with("next_line", next_line)
                .with("n_lines", n_lines),
            Self::WithoutCases => failed("HISTORY_WITHOUT_CASES", "历史数据中没有入组病例"),
        }
    }
}

impl Reason for TariffError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        let failed = ErrorReason::failed_precondition;
        match self {
            Self::NotFound => ErrorReason::not_found("TARIFF_NOT_FOUND", "支付标准不存在"),
            Self::Exists => ErrorReason::already_exists("TARIFF_EXISTS", "支付标准编号已存在"),
            Self::GroupNotFound(drg) => {
                ErrorReason::not_found("TARIFF_GROUP_NOT_FOUND", "支付标准中没有该病组").with("drg", drg)
            }
            Self::NotDerived(drg) => failed("WEIGHT_NOT_DERIVED", "该病组权重不是测算得出").with("drg", drg),
            Self::EtagMismatch { current, expected } => {
                ErrorReason::aborted("ETAG_MISMATCH", "数据已被修改，请刷新后重试")
                    .with("current", current)
                    .with("expected", expected)
            }
            Self::AlreadyPublished => failed("TARIFF_ALREADY_PUBLISHED", "支付标准已发布，不可更改"),
            Self::NotPublished => failed("TARIFF_NOT_PUBLISHED", "支付标准尚未发布"),
            Self::NotInNegotiation => failed("TARIFF_NOT_IN_NEGOTIATION", "支付标准不在谈判中"),
            Self::ProposalsOpen(n_open) => {
                failed("PROPOSALS_OPEN", "尚有谈判申请未决定").with("n_open", n_open)
            }
            Self::SamePerson => same_person(),
            Self::AlreadyKnown(hash) => {
                ErrorReason::already_exists("TARIFF_ALREADY_KNOWN", "内容相同的支付标准已发布")
                    .with("tariff_hash", hash)
            }
            Self::LevelsMissing => failed(
                "LEVELS_MISSING",
                "支付标准按医院级别区分，但没有任何医疗机构的级别：请在导入支付标准或测算系数时提供",
            ),
            Self::GroupNotInScheme(drg) => {
                failed("GROUP_NOT_IN_SCHEME", "分组方案中没有该病组").with("drg", drg)
            }
            Self::TooLarge(n_bytes) => {
                failed("TARIFF_TOO_LARGE", "支付标准内容过大").with("n_bytes", n_bytes)
            }
            Self::SchemesDiffer { tariff, other } => {
                failed("SCHEMES_DIFFER", "病例与支付标准的分组方案不一致")
                    .with("scheme_hash", tariff)
                    .with("other_scheme_hash", other)
            }
            Self::NoCoefficients => failed("COEFFICIENTS_NOT_COMPUTED", "支付标准尚未测算医疗机构系数"),
            Self::TooManyCoefficients(n) => {
                failed("TOO_MANY_COEFFICIENTS", "医疗机构系数过多").with("n_coefficients", n)
            }
            Self::NoCoefficient { institution, group, value } => {
                failed("COEFFICIENT_OUT_OF_RANGE", "医疗机构系数超出范围，请增加小数位数或核对费用")
                    .with("institution_code", institution)
                    .with("drg", group)
                    .with("coefficient", value)
            }
            Self::LevelLeftOut(level) => {
                failed("LEVEL_LEFT_OUT", "级别系数表缺少部分医疗机构的级别，请补充（可为1）")
                    .with("level", level.get())
            }
            Self::NothingToShareBy => failed("NOTHING_TO_SHARE_BY", "没有可参与分配的点数"),
            Self::BeyondMeasure => {
                failed("BEYOND_MEASURE", "测算的点数或金额超出可计算范围，请核对权重、系数和费率")
            }
            Self::NoneInForce(date) => {
                ErrorReason::not_found("NO_TARIFF_IN_FORCE", "该日没有启用的支付标准").with("date", date)
            }
        }
    }
}

impl Reason for ProposalError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NotFound => ErrorReason::not_found("PROPOSAL_NOT_FOUND", "谈判申请不存在"),
            Self::Exists => ErrorReason::already_exists("PROPOSAL_EXISTS", "谈判申请编号已存在"),
            Self::AlreadyDecided => {
                ErrorReason::failed_precondition("PROPOSAL_ALREADY_DECIDED", "谈判申请已决定")
            }
            Self::SamePerson => same_person(),
            Self::TooMany(n_made) => {
                ErrorReason::resource_exhausted("TOO_MANY_PROPOSALS", "本轮谈判申请数已达上限")
                    .with("n_proposals", n_made)
            }
            Self::GroupChanged(drg) => {
                ErrorReason::failed_precondition("GROUP_CHANGED", "申请后该病组已变更").with("drg", drg)
            }
            Self::StandardOverlaps(drg) => {
                let text = "与该病组另一支付标准或系数的适用对象重叠";
                ErrorReason::failed_precondition("STANDARD_OVERLAPS", text).with("drg", drg)
            }
        }
    }
}

impl Reason for BatchError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NotFound => ErrorReason::not_found("BATCH_NOT_FOUND", "批量分组任务不存在"),
            Self::Exists => ErrorReason::already_exists("BATCH_EXISTS", "请求编号已用于其他批量分组任务"),
            Self::TooMany(n_open) => {
                ErrorReason::resource_exhausted("TOO_MANY_BATCHES", "未完成的批量分组任务已达上限")
                    .with("n_batches", n_open)
            }
            Self::TooMuchKept(n_bytes) => ErrorReason::resource_exhausted(
                "TOO_MUCH_KEPT",
                "保存的文件和结果已达上限，请先取消已读取的任务",
            )
            .with("n_bytes", n_bytes),
            Self::NotUploading => {
                ErrorReason::failed_precondition("BATCH_NOT_UPLOADING", "批量分组任务的上传已结束")
            }
            Self::Gap { next_offset, offset } => {
                ErrorReason::failed_precondition("UPLOAD_GAP", "上传的字节不连续，请从下一字节续传")
                    .with("next_offset", next_offset)
                    .with("offset", offset)
            }
            Self::TooLong { n_bytes } => {
                ErrorReason::failed_precondition("UPLOAD_TOO_LONG", "上传的字节数超过申报的字节数")
                    .with("n_bytes", n_bytes)
            }
            Self::TooSmall(least) => {
                ErrorReason::failed_precondition("UPLOAD_PART_TOO_SMALL", "非末块的字节数过少")
                    .with("least_bytes", least)
            }
            Self::Incomplete { next_offset, n_bytes } => {
                ErrorReason::failed_precondition("UPLOAD_INCOMPLETE", "文件尚未传完")
                    .with("next_offset", next_offset)
                    .with("n_bytes", n_bytes)
            }
            Self::FileDiffers => {
                ErrorReason::failed_precondition("FILE_DIFFERS", "文件内容与申报的摘要不一致")
            }
            Self::Deleted => ErrorReason::failed_precondition("BATCH_DELETED", "批量分组任务已取消或已过期"),
        }
    }
}

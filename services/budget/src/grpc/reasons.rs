use medfund_server::{ErrorReason, Reason};

use super::convert::budget::{budget_state, decomposition_state, structure_state, target_state};
use super::status::{DOMAIN, same_person};
use crate::domain::budget::BudgetError;
use crate::domain::decomposition::DecompositionError;
use crate::domain::final_account::FinalAccountError;
use crate::domain::primary_care::AllotmentError;
use crate::domain::quota::QuotaError;
use crate::domain::reserve::ReserveError;
use crate::domain::structure::StructureError;
use crate::domain::target::TargetError;
use crate::domain::task::TaskError;

pub(super) fn adjustment_exists() -> ErrorReason {
    ErrorReason::already_exists("ADJUSTMENT_EXISTS", "调整编号已存在")
}

pub(super) fn round_exists() -> ErrorReason {
    ErrorReason::already_exists("ROUND_EXISTS", "该组已有此轮谈判")
}

pub(super) fn final_account_exists() -> ErrorReason {
    ErrorReason::already_exists("FINAL_ACCOUNT_EXISTS", "决算已完成")
}

pub(super) fn allotment_exists() -> ErrorReason {
    ErrorReason::already_exists("ALLOTMENT_EXISTS", "基层考核预留指标已分配")
}

/// - `state`: as the proto names it.
fn wrong_state(state: &'static str) -> ErrorReason {
    ErrorReason::failed_precondition("WRONG_STATE", "当前状态不允许此操作").with("state", state)
}

fn etag_mismatch(current: i64, expected: i64) -> ErrorReason {
    ErrorReason::aborted("ETAG_MISMATCH", "数据已被修改，请刷新后重试")
        .with("current", current)
        .with("expected", expected)
}

fn target_not_decided() -> ErrorReason {
    ErrorReason::failed_precondition("TARGET_NOT_DECIDED", "总额控制目标尚未确定")
}

fn wrong_regime(why: &'static str) -> ErrorReason {
    ErrorReason::failed_precondition("WRONG_REGIME", why)
}

fn unknown_deduction(id: &str) -> ErrorReason {
    ErrorReason::failed_precondition("UNKNOWN_DEDUCTION", "政策包没有该扣除项，或重复填报").with("id", id)
}

fn clearing_not_approved(district: impl std::fmt::Display) -> ErrorReason {
    ErrorReason::failed_precondition("CLEARING_NOT_APPROVED", "清算方案尚未核准").with("district", district)
}

impl Reason for BudgetError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NotFound(_) => ErrorReason::not_found("BUDGET_NOT_FOUND", "预算不存在"),
            Self::DeficitNotAllowed { deficit } => {
                ErrorReason::failed_precondition("DEFICIT_NOT_ALLOWED", "不得编制赤字预算")
                    .with("deficit_fen", deficit.get())
            }
            Self::DeficitUndecided { deficit } => {
                ErrorReason::failed_precondition("DEFICIT_UNDECIDED", "赤字预算须先经决定")
                    .with("deficit_fen", deficit.get())
            }
            Self::WrongState(state) => wrong_state(budget_state(*state).as_str_name()),
            Self::SamePerson => same_person(),
            Self::EtagMismatch { current, expected } => etag_mismatch(*current, *expected),
        }
    }
}

impl Reason for TargetError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NotFound(_) => ErrorReason::not_found("TARGET_NOT_FOUND", "总额控制目标不存在"),
            Self::BudgetNotApproved(_) => {
                ErrorReason::failed_precondition("BUDGET_NOT_APPROVED", "基金收支预算尚未批准")
            }
            Self::UnknownDeduction(id) => unknown_deduction(id),
            Self::ReserveOverMax { reserve, max } => {
                ErrorReason::failed_precondition("RESERVE_OVER_MAX", "预留控制指标超过上限")
                    .with("reserve_fen", reserve.get())
                    .with("max_fen", max.get())
            }
            Self::RaiseOutOfRange { least, most, value } => {
                ErrorReason::failed_precondition("RAISE_OUT_OF_RANGE", "基层预留增幅超出范围")
                    .with("min", least)
                    .with("max", most)
                    .with("value", value)
            }
            Self::NotPositive(target) => {
                ErrorReason::failed_precondition("TARGET_NOT_POSITIVE", "扣除后没有可分配的总额")
                    .with("target_fen", target.get())
            }
            Self::WrongState(state) => wrong_state(target_state(*state).as_str_name()),
            Self::SamePerson => same_person(),
            Self::EtagMismatch { current, expected } => etag_mismatch(*current, *expected),
        }
    }
}

impl Reason for StructureError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NotFound(_) => ErrorReason::not_found("STRUCTURE_NOT_FOUND", "基金支出结构不存在"),
            Self::TargetNotDecided(_) => target_not_decided(),
            Self::NotDecided(_) => {
                ErrorReason::failed_precondition("STRUCTURE_NOT_DECIDED", "基金支出结构尚未确定")
            }
            Self::NoPool(_) => wrong_regime("该险种没有区域总额池，总额控制目标全部分解到机构"),
            Self::UnknownCare(care) => ErrorReason::failed_precondition(
                "UNKNOWN_CARE",
                "该类医疗服务不在总额控制目标内支付，或重复填报",
            )
            .with("kind_of_care", care),
            Self::NotWhole(sum) => {
                ErrorReason::failed_precondition("SHARES_NOT_WHOLE", "各类医疗服务比例之和不为一")
                    .with("sum", sum)
            }
            Self::ShareOutOfBound { care, share, bound, limit, clause } => {
                ErrorReason::failed_precondition("SHARE_OUT_OF_BOUND", "支出比例超出控制范围")
                    .with("kind_of_care", care)
                    .with("share_rate", share)
                    .with("bound", bound)
                    .with("limit_rate", limit)
                    .with("clause", clause)
            }
            Self::WrongState(state) => wrong_state(structure_state(*state).as_str_name()),
            Self::SamePerson => same_person(),
            Self::EtagMismatch { current, expected } => etag_mismatch(*current, *expected),
            Self::NotPooled(care) => wrong_regime("该类医疗服务没有区域总额池").with("kind_of_care", care),
            Self::AdjustmentInsufficient { available, requested } => {
                ErrorReason::failed_precondition("ADJUSTMENT_INSUFFICIENT", "调剂金余额不足")
                    .with("available_fen", available.get())
                    .with("requested_fen", requested.get())
            }
            Self::PoolInsufficient { available, requested } => {
                ErrorReason::failed_precondition("POOL_INSUFFICIENT", "调减额超过区域总额池")
                    .with("available_fen", available.get())
                    .with("requested_fen", requested.get())
            }
        }
    }
}

impl Reason for QuotaError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::UnknownInstitution(code) => {
                ErrorReason::failed_precondition("UNKNOWN_INSTITUTION", "本市区没有该定点医疗机构")
                    .with("institution_code", code)
            }
            Self::TooManyYears { given, max } => {
                ErrorReason::failed_precondition("TOO_MANY_YEARS", "年份多于政策包规定的权重")
                    .with("given", given)
                    .with("max", max)
            }
            Self::Decided(_) => ErrorReason::failed_precondition("QUOTAS_DECIDED", "本市区指标已确定"),
            Self::UnknownFactor(id) => {
                ErrorReason::failed_precondition("UNKNOWN_FACTOR", "该因素不由经办机构核定，或重复填报")
                    .with("id", id)
            }
            Self::FactorOutOfRange { id, least, most, value } => {
                ErrorReason::failed_precondition("FACTOR_OUT_OF_RANGE", "因素取值超出范围")
                    .with("id", id)
                    .with("min", least)
                    .with("max", most)
                    .with("value", value)
            }
            Self::NotFound(_) => ErrorReason::not_found("QUOTA_NOT_FOUND", "该机构没有已生效的指标"),
            Self::UnknownReason(reason) => {
                ErrorReason::failed_precondition("UNKNOWN_REASON", "政策包没有该调整情形")
                    .with("reason", reason)
            }
            Self::Insufficient { quota, requested } => {
                ErrorReason::failed_precondition("QUOTA_INSUFFICIENT", "调减额超过现有指标")
                    .with("quota_fen", quota.get())
                    .with("requested_fen", requested.get())
            }
            Self::ChangeOverMax { max, requested } => {
                ErrorReason::failed_precondition("CHANGE_OVER_MAX", "调整幅度超过上限")
                    .with("max_fen", max.get())
                    .with("requested_fen", requested.get())
            }
            Self::AdjustmentExists(_) => adjustment_exists(),
            Self::RoundExists => round_exists(),
            Self::RoundOutOfOrder(missing) => {
                ErrorReason::failed_precondition("ROUND_OUT_OF_ORDER", "前一轮谈判尚未登记")
                    .with("missing", missing)
            }
        }
    }
}

impl Reason for DecompositionError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NotFound(_) => ErrorReason::not_found("DECOMPOSITION_NOT_FOUND", "指标分解方案不存在"),
            Self::TargetNotDecided(_) => target_not_decided(),
            Self::NoQuotaOf { care, regime, clause } => {
                wrong_regime("该类医疗服务不细化明确各医疗机构的总额控制指标")
                    .with("kind_of_care", care)
                    .with("regime", regime)
                    .with("clause", clause)
            }
            Self::CareLeftOut(care) => {
                ErrorReason::failed_precondition("CARE_LEFT_OUT", "指标涵盖的医疗类别未列全")
                    .with("kind_of_care", care)
            }
            Self::NothingToDecompose(_) => {
                ErrorReason::failed_precondition("NOTHING_TO_DECOMPOSE", "总额池以外没有可分解的额度")
            }
            Self::ForecastOutOfRange { least, most, value } => {
                ErrorReason::failed_precondition("FORECAST_OUT_OF_RANGE", "测算系数超出范围")
                    .with("min", least)
                    .with("max", most)
                    .with("value", value)
            }
            Self::HistoryMissing(code) => {
                ErrorReason::failed_precondition("HISTORY_MISSING", "已申请的机构没有历史费用")
                    .with("institution_code", code)
            }
            Self::QuotaElsewhere { institution, district } => {
                ErrorReason::failed_precondition("QUOTA_ELSEWHERE", "该机构在其他市区已有指标")
                    .with("institution_code", institution)
                    .with("district", district)
            }
            Self::NothingToWeigh => {
                ErrorReason::failed_precondition("NOTHING_TO_WEIGH", "没有机构可供分配权重")
            }
            Self::WrongState(state) => wrong_state(decomposition_state(*state).as_str_name()),
            Self::SamePerson => same_person(),
            Self::EtagMismatch { current, expected } => etag_mismatch(*current, *expected),
        }
    }
}

impl Reason for ReserveError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NotFound(_) => ErrorReason::not_found("RESERVE_NOT_FOUND", "预留指标不存在"),
            Self::Insufficient { available, requested } => {
                ErrorReason::failed_precondition("RESERVE_INSUFFICIENT", "预留指标余额不足")
                    .with("available_fen", available.get())
                    .with("requested_fen", requested.get())
            }
            Self::ClearingOpen(_) => ErrorReason::failed_precondition("CLEARING_OPEN", "年度清算已开始"),
            Self::YearNotOver(_) => ErrorReason::failed_precondition("YEAR_NOT_OVER", "基金年度尚未结束"),
        }
    }
}

impl Reason for AllotmentError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NotFound => ErrorReason::not_found("ALLOTMENT_NOT_FOUND", "基层考核预留指标尚未分配"),
            Self::Exists => allotment_exists(),
            Self::OutOfOrder(year) => {
                ErrorReason::failed_precondition("ALLOTMENT_OUT_OF_ORDER", "上一年度基层考核预留指标尚未分配")
                    .with("fund_year", year)
            }
            Self::ClearingNotApproved(district) => clearing_not_approved(district),
            Self::UnknownDistrict(district) => {
                ErrorReason::failed_precondition("UNKNOWN_DISTRICT", "基金年度没有该市区")
                    .with("district", district)
            }
        }
    }
}

impl Reason for FinalAccountError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NotFound(_) => ErrorReason::not_found("FINAL_ACCOUNT_NOT_FOUND", "决算不存在"),
            Self::Exists(_) => final_account_exists(),
            Self::ClearingNotApproved(district) => clearing_not_approved(district),
            Self::PrimaryCareNotAllotted => {
                ErrorReason::failed_precondition("PRIMARY_CARE_NOT_ALLOTTED", "基层考核预留指标尚未分配")
            }
        }
    }
}

impl Reason for TaskError {
    const DOMAIN: &'static str = DOMAIN;

    fn reason(&self) -> ErrorReason {
        match self {
            Self::NoNotice => {
                ErrorReason::failed_precondition("NO_NOTICE_IN_FORCE", "基金年度未开启，没有执行中的文件")
            }
            Self::NotFound(_) => ErrorReason::not_found("TASK_NOT_FOUND", "任务分工中没有该任务"),
            Self::NotResponsible(body) => {
                ErrorReason::failed_precondition("UNIT_NOT_RESPONSIBLE", "该单位不是此任务的责任单位")
                    .with("body", body)
            }
            Self::Done(date) => {
                ErrorReason::failed_precondition("TASK_DONE", "任务已完成").with("done_date", date)
            }
            Self::NotDone => ErrorReason::failed_precondition("TASK_NOT_DONE", "任务尚未完成"),
            Self::Ongoing => ErrorReason::failed_precondition("TASK_ONGOING", "持续推进的任务不能办结"),
        }
    }
}

use medfund_server::{ErrorReason, Reason, database_status};
use tonic::Status;

use crate::app::Error;
use crate::domain::SettlementError;
use crate::domain::special_case::SpecialCaseError;

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        match error {
            Error::Settlement(error) => error.to_status(),
            Error::Pack(_) => {
                tracing::error!(%error, "a call failed on an internal error");
                ErrorReason::internal().status_in(SettlementError::DOMAIN, "")
            }
            Error::Db(error) => database_status(&error),
        }
    }
}

impl Reason for SettlementError {
    const DOMAIN: &'static str = "settlement.medfund";

    fn reason(&self) -> ErrorReason {
        let refused = ErrorReason::failed_precondition;
        match self {
            Self::FundYearNotOpen(year) => {
                refused("FUND_YEAR_NOT_OPEN", "基金年度未开启，或无此险种、市区").with("fund_year", year)
            }
            Self::CalendarNotOpen => refused("CALENDAR_NOT_OPEN", "统筹区没有基金日历"),
            Self::NoSuchPrepayment => refused("NO_SUCH_PREPAYMENT", "政策包未规定该项预付"),
            Self::AdvanceMonths { months, least, most } => {
                refused("ADVANCE_MONTHS_OUT_OF_RANGE", "预支月数超出政策规定")
                    .with("months", months)
                    .with("least", least)
                    .with("most", most)
            }
            Self::QuotaKnown => refused("QUOTA_KNOWN", "总额控制指标已确定，请预拨周转金"),
            Self::PoolUnknown { pool } => refused("POOL_UNKNOWN", "区域总额尚未下达").with("pool", pool),
            Self::TariffUnknown(date) => {
                refused("TARIFF_UNKNOWN", "当日没有生效的支付标准").with("date", date)
            }
            Self::WrongRegime { what: _, key, regime, cite } => {
                refused("WRONG_REGIME", "该管理方式下没有此项业务")
                    .with("parameter", key)
                    .with("regime", regime)
                    .with("clause", cite)
            }
            Self::QuotaUnknown => refused("QUOTA_UNKNOWN", "总额控制指标尚未下达"),
            Self::HistoryUnknown => refused("HISTORY_UNKNOWN", "没有上年度结算数据"),
            Self::PrepaymentExists => ErrorReason::already_exists("PREPAYMENT_EXISTS", "该项预付已办理"),
            Self::MonthNotInYear { month, fund_year } => refused("MONTH_NOT_IN_YEAR", "该月不属于该基金年度")
                .with("settlement_month", month)
                .with("fund_year", fund_year),
            Self::MonthStarted(month) => {
                refused("MONTH_STARTED", "该月已开始结算，不再预付").with("settlement_month", month)
            }
            Self::ReviewUnknown(institution) => {
                refused("REVIEW_UNKNOWN", "机构考核结果尚未确认").with("institution_code", institution)
            }
            Self::WorkingCapitalUnpaid => refused("WORKING_CAPITAL_UNPAID", "请先预拨周转金"),
            Self::PrepaymentUnderWay(order) => {
                refused("PREPAYMENT_UNDER_WAY", "预付款拨付单尚在银行处理").with("payment_order", order)
            }
            Self::YearCleared => refused("YEAR_CLEARED", "该年度已清算"),
            Self::CleanRecordUnknown(institution) => {
                refused("CLEAN_RECORD_UNKNOWN", "机构守规情况尚未认定").with("institution_code", institution)
            }
            Self::MonthNotOver { month, business_date } => refused("MONTH_NOT_OVER", "该月尚未结束")
                .with("settlement_month", month)
                .with("business_date", business_date),
            Self::MonthOutOfOrder(month) => {
                refused("MONTH_OUT_OF_ORDER", "上一月尚未结算").with("settlement_month", month)
            }
            Self::UploadOpen(institution) => {
                refused("UPLOAD_OPEN", "机构当月仍有未完成的上传").with("institution_code", institution)
            }
            Self::AgreementUnknown { institution, fund_line } => {
                refused("AGREEMENT_UNKNOWN", "机构没有相应的协议条款")
                    .with("institution_code", institution)
                    .with("fund_line", fund_line)
            }
            Self::RuleNotSettled(rule) => {
                refused("RULE_NOT_SETTLED", "政策包或协议的规则不适用于月度结算").with("rule", rule)
            }
            Self::MonthSettlementNotFound => {
                ErrorReason::not_found("MONTH_SETTLEMENT_NOT_FOUND", "该月尚未开始结算")
            }
            Self::MonthNotSettled(month) => {
                refused("MONTH_NOT_SETTLED", "该月尚未结算").with("settlement_month", month)
            }
            Self::StatementNotFound => ErrorReason::not_found("STATEMENT_NOT_FOUND", "结算单不存在"),
            Self::StatementNotOpen(state) => {
                refused("STATEMENT_NOT_OPEN", "结算单已确认或已提出异议").with("state", state)
            }
            Self::StatementNotDisputed(state) => {
                refused("STATEMENT_NOT_DISPUTED", "结算单没有异议").with("state", state)
            }
            Self::EtagMismatch { current, expected } => {
                ErrorReason::aborted("ETAG_MISMATCH", "数据已被修改，请刷新后重试")
                    .with("current", current)
                    .with("expected", expected)
            }
            Self::OrderNotFound(order) => {
                ErrorReason::not_found("PAYMENT_ORDER_NOT_FOUND", "拨付单不存在").with("payment_order", order)
            }
            Self::OrderState { order, state } => refused("PAYMENT_ORDER_STATE", "拨付单状态不符")
                .with("payment_order", order)
                .with("state", state),
            Self::MakerIsChecker(subject) => {
                ErrorReason::permission_denied("MAKER_IS_CHECKER", "经办与复核不得为同一人")
                    .with("subject", subject)
            }
            Self::NotLate(order) => {
                refused("PAYMENT_NOT_LATE", "该笔拨付没有逾期").with("payment_order", order)
            }
            Self::NothingToExport => refused("NOTHING_TO_EXPORT", "没有待拨付的拨付单"),
            Self::ResultDiffers { order, bank_reference } => {
                refused("PAYMENT_RESULT_DIFFERS", "拨付单已有其他拨付结果")
                    .with("payment_order", order)
                    .with("bank_reference", bank_reference)
            }
            Self::ClearingNotOpen => refused("CLEARING_NOT_OPEN", "年度清算尚未开启"),
            Self::IndicatorsUnknown(institution) => {
                refused("INDICATORS_UNKNOWN", "机构考核指标尚未确认").with("institution_code", institution)
            }
            Self::ClearingExists => ErrorReason::already_exists("CLEARING_EXISTS", "清算方案已提出"),
            Self::ClearingNotFound => ErrorReason::not_found("CLEARING_NOT_FOUND", "清算方案不存在"),
            Self::ClearingState(state) => refused("CLEARING_STATE", "清算方案状态不符").with("state", state),
            Self::ClearingOutdated => refused("CLEARING_OUTDATED", "清算依据已变化，请重新提出清算方案"),
            Self::DecisionUnknown => refused("DECISION_UNKNOWN", "尚未收到该决定"),
            Self::DecisionUnsuitable(field) => {
                refused("DECISION_UNSUITABLE", "该决定不适用于本清算方案").with("field", field)
            }
            Self::AmountNotFound => ErrorReason::not_found("AMOUNT_NOT_FOUND", "没有该金额"),
            Self::SpecialCasesOpen(n_open) => {
                refused("SPECIAL_CASES_OPEN", "尚有特病单议病例未办结").with("n_open", n_open)
            }
            Self::SpecialCase(error) => special_case(error),
        }
    }
}

fn special_case(error: &SpecialCaseError) -> ErrorReason {
    use SpecialCaseError as E;
    let refused = ErrorReason::failed_precondition;
    match error {
        E::NotFound => ErrorReason::not_found("SPECIAL_CASE_NOT_FOUND", "特病单议病例不存在"),
        E::BillNotFound => ErrorReason::not_found("BILL_NOT_FOUND", "结算单据不存在"),
        E::NotPaidByPoints => refused("NOT_PAID_BY_POINTS", "该病例不按点数付费"),
        E::Exists => ErrorReason::already_exists("SPECIAL_CASE_EXISTS", "该病例已申报"),
        E::FilingClosed { last_day } => {
            refused("FILING_CLOSED", "已超过申报期限").with("last_date", last_day)
        }
        E::QuotaSpent { n_filed, n_allowed, n_discharges } => {
            refused("SPECIAL_CASE_QUOTA_SPENT", "申报数量已达上限")
                .with("n_filed", n_filed)
                .with("n_allowed", n_allowed)
                .with("n_discharges", n_discharges)
        }
        E::State(state) => refused("SPECIAL_CASE_STATE", "特病单议病例状态不符").with("state", state),
        E::TooFewExperts { n_available, n_needed } => refused("TOO_FEW_EXPERTS", "可抽取的专家不足")
            .with("n_available", n_available)
            .with("n_needed", n_needed),
        E::ExpertNotDrawn(expert) => {
            refused("EXPERT_NOT_DRAWN", "该专家未被抽取评审该病例").with("expert", expert)
        }
        E::OpinionExists(expert) => {
            ErrorReason::already_exists("OPINION_EXISTS", "该专家意见已记录").with("expert", expert)
        }
        E::OpinionsMissing { n_missing } => {
            refused("OPINIONS_MISSING", "尚有专家未出具意见").with("n_missing", n_missing)
        }
        E::OpinionsAgainst { n_in_favour, n_against } => refused("OPINIONS_AGAINST", "多数专家不同意单议")
            .with("n_in_favour", n_in_favour)
            .with("n_against", n_against),
        E::ReviewedCostTooHigh { cost } => {
            refused("REVIEWED_COST_TOO_HIGH", "核定费用超过病例总费用").with("medfee_sumamt_fen", cost.get())
        }
        E::ExpertNotFound(expert) => {
            ErrorReason::not_found("EXPERT_NOT_FOUND", "专家不存在").with("expert", expert)
        }
        E::ExpertExists => ErrorReason::already_exists("EXPERT_EXISTS", "该专家已在库"),
        E::ExpertRetired(expert) => refused("EXPERT_RETIRED", "该专家已出库").with("expert", expert),
    }
}

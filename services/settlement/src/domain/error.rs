use chrono::NaiveDate;
use medfund_types::{FundLine, FundYear, InstitutionCode, SettlementMonth};

use super::clearing::ClearingState;
use super::order::OrderState;
use super::special_case::SpecialCaseError;
use super::statement::StatementState;

/// Why the state forbids what was asked of months, payments and clearings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum SettlementError {
    #[error("the fund year {0} is not open here, or has no such fund line or district")]
    FundYearNotOpen(FundYear),
    #[error("the area has no fund calendar here yet")]
    CalendarNotOpen,
    #[error("the pack grants no such prepayment")]
    NoSuchPrepayment,
    #[error("{months} months are asked for, the pack allows {least} to {most}")]
    AdvanceMonths { months: u32, least: u32, most: u32 },
    #[error("the quotas are decided")]
    QuotaKnown,
    #[error("the pool {pool} has not arrived")]
    PoolUnknown { pool: String },
    #[error("no tariff is in force on {0}")]
    TariffUnknown(NaiveDate),
    #[error("{what} has no meaning: the pack's {key} is {regime} ({cite})")]
    WrongRegime { what: &'static str, key: String, regime: String, cite: String },
    #[error("the quotas have not arrived")]
    QuotaUnknown,
    #[error("no active institution has a recorded history")]
    HistoryUnknown,
    #[error("it was paid before")]
    PrepaymentExists,
    #[error("the month {month} is not one of the fund year {fund_year}")]
    MonthNotInYear { month: SettlementMonth, fund_year: FundYear },
    #[error("the settlement of {0} was started")]
    MonthStarted(SettlementMonth),
    #[error("the review of {0} is not confirmed")]
    ReviewUnknown(InstitutionCode),
    #[error("the working capital is not paid yet")]
    WorkingCapitalUnpaid,
    #[error("the order {0} is with the bank")]
    PrepaymentUnderWay(String),
    #[error("the year is cleared")]
    YearCleared,
    #[error("the record of {0} is not confirmed")]
    CleanRecordUnknown(InstitutionCode),
    #[error("the month {month} is not over on {business_date}")]
    MonthNotOver { month: SettlementMonth, business_date: NaiveDate },
    #[error("the month {0} before it is not settled")]
    MonthOutOfOrder(SettlementMonth),
    #[error("{0} has an upload open")]
    UploadOpen(InstitutionCode),
    #[error("{institution} has no term for the {fund_line} care that meets its quota")]
    AgreementUnknown { institution: InstitutionCode, fund_line: FundLine },
    #[error("{0}")]
    RuleNotSettled(String),
    #[error("the month was not started")]
    MonthSettlementNotFound,
    #[error("the month {0} is not settled")]
    MonthNotSettled(SettlementMonth),
    #[error("there is no such statement")]
    StatementNotFound,
    #[error("the statement is {0}")]
    StatementNotOpen(StatementState),
    #[error("the statement is {0}, not disputed")]
    StatementNotDisputed(StatementState),
    #[error("it is at version {current}, the caller read {expected}")]
    EtagMismatch { current: i64, expected: i64 },
    #[error("there is no order {0}")]
    OrderNotFound(String),
    #[error("the order {order} is {state}")]
    OrderState { order: String, state: OrderState },
    #[error("the caller made {0}")]
    MakerIsChecker(String),
    #[error("the order {0} is not late")]
    NotLate(String),
    #[error("no order waits for the bank")]
    NothingToExport,
    #[error("the order {order} completed before as {bank_reference}")]
    ResultDiffers { order: String, bank_reference: String },
    #[error("the clearing is not opened by budget")]
    ClearingNotOpen,
    #[error("the indicators of {0} are not confirmed")]
    IndicatorsUnknown(InstitutionCode),
    #[error("the clearing is proposed, decided or approved")]
    ClearingExists,
    #[error("nobody proposed the clearing")]
    ClearingNotFound,
    #[error("the clearing is {0}")]
    ClearingState(ClearingState),
    #[error("what the clearing was computed from changed since it was proposed")]
    ClearingOutdated,
    #[error("the decision is not known here")]
    DecisionUnknown,
    #[error("the decision does not suit: {0}")]
    DecisionUnsuitable(&'static str),
    #[error("there is no such amount")]
    AmountNotFound,
    #[error("nothing is decided of {0} special cases")]
    SpecialCasesOpen(i64),
    #[error(transparent)]
    SpecialCase(#[from] SpecialCaseError),
}

impl SettlementError {
    /// The refusal of what a pack or an agreement asks for and months are not settled by.
    pub fn not_settled(why: impl std::fmt::Display) -> Self {
        Self::RuleNotSettled(why.to_string())
    }
}

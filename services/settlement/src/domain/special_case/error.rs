use chrono::NaiveDate;
use medfund_money::Fen;

use super::review::SpecialCaseState;

/// Why the state forbids what was asked of a special case or of the experts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum SpecialCaseError {
    #[error("there is no such special case")]
    NotFound,
    #[error("the caller has no such bill")]
    BillNotFound,
    #[error("no point pays the case")]
    NotPaidByPoints,
    #[error("the case was filed before")]
    Exists,
    #[error("cases of the month could be filed until {last_day}")]
    FilingClosed { last_day: NaiveDate },
    #[error("{n_filed} cases are filed, {n_allowed} may be of {n_discharges} discharges")]
    QuotaSpent { n_filed: i64, n_allowed: i64, n_discharges: i64 },
    #[error("the special case is {0}")]
    State(SpecialCaseState),
    #[error("{n_available} experts may hear the case, {n_needed} have to")]
    TooFewExperts { n_available: usize, n_needed: usize },
    #[error("the expert {0} does not hear the case")]
    ExpertNotDrawn(String),
    #[error("the opinion of {0} is recorded")]
    OpinionExists(String),
    #[error("{n_missing} experts have not given their opinion")]
    OpinionsMissing { n_missing: usize },
    #[error("{n_in_favour} experts are in favour, {n_against} against")]
    OpinionsAgainst { n_in_favour: usize, n_against: usize },
    #[error("the case cost {cost}, less than what would be counted")]
    ReviewedCostTooHigh { cost: Fen },
    #[error("there is no expert {0}")]
    ExpertNotFound(String),
    #[error("the expert is registered")]
    ExpertExists,
    #[error("the expert {0} has left the pool")]
    ExpertRetired(String),
}

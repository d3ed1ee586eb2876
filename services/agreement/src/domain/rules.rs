use std::collections::BTreeMap;

use chrono::NaiveDate;
use medfund_money::{Exact, Rate};
use medfund_policy::{Bound, PaymentMethod};

/// The days of a fund year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearSpan {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
}

impl YearSpan {
    /// Whether `date` lies in the fund year.
    #[must_use]
    pub fn contains(self, date: NaiveDate) -> bool {
        (self.first..=self.last).contains(&date)
    }
}

/// What the pack says of districts' inpatient methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodRules {
    /// The methods to choose from.
    pub allowed: Vec<PaymentMethod>,
    /// How many fund years a method is kept.
    pub lock_years: i32,
    /// The body that decides; `None` where the pack names none, and nothing can be decided.
    pub deciding_body: Option<String>,
    /// The matter that it decides.
    pub matter: String,
}

/// What the pack says of inspections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectionRules {
    /// The kinds of violation, each with whether it spoils a clean record.
    pub kinds: BTreeMap<String, bool>,
    /// The least sampling ratio.
    pub least_sampling_rate: Rate,
    /// Whether findings are enlarged by the sampling ratio.
    pub extrapolated: bool,
    /// The clause.
    pub cite: String,
}

/// What the pack says of indicators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndicatorRules {
    /// The indicators by id.
    pub indicators: BTreeMap<String, IndicatorRule>,
}

/// What the pack says of one indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndicatorRule {
    /// What missing it costs; `None` where nothing is deducted.
    pub deduction: Option<DeductionRule>,
    /// What the notice calls it.
    pub term: String,
    /// The clause.
    pub cite: String,
    /// Whether it is disclosed each quarter.
    pub disclosed: bool,
}

/// When something is deducted for an indicator, and how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeductionRule {
    /// Which side of the limit is bad.
    pub bound: Bound,
    /// The limit unless the agreement names another.
    pub limit: Exact,
    /// The share of the year's payable.
    pub rate: Rate,
}

//! What past cases have cost (历史病例费用).
//!
//! [`Costs`] keeps the cost of each case by group, eight bytes a case, since quantiles need every one; [`Totals`]
//! keeps sums by institution, group and fund line, whose size does not depend on the number of cases; [`CaseCosts`] keeps the cost
//! of each case by institution too, for what lies far from a group's mean.

mod case_costs;
mod costs;
mod totals;

pub use case_costs::CaseCosts;
pub use costs::Costs;
pub use totals::{Sum, Totals};
pub(crate) use totals::{count, mean};

use std::collections::BTreeMap;

use medfund_money::{Fen, PositiveFen};
use medfund_types::{FundLine, InstitutionCode};

use crate::GroupCode;

/// Whose cases: an institution's, of persons of a fund line; `None`: of which is not known.
pub type Whose<'a> = (&'a InstitutionCode, Option<&'a FundLine>);

/// Something of each fund line, that of an unknown one first.
type ByFundLine<T> = BTreeMap<Option<FundLine>, T>;

/// A discharge with what it cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostedCase {
    /// The institution.
    pub institution: InstitutionCode,
    /// The person's fund line (险种); `None`: it is not known.
    pub fund_line: Option<FundLine>,
    /// The group that its scheme gives, also `KQY` or `0000`.
    pub group: GroupCode,
    /// All of its cost (医疗总费用).
    pub cost: PositiveFen,
    /// What the fund paid of it (统筹基金支付).
    pub fund_paid: Fen,
    /// Days of stay (住院天数).
    pub n_days: u32,
    /// Whether the patient died (离院方式 5).
    pub has_died: bool,
}

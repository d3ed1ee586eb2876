//! What payment methods give for a month: one pure calculator each, and how several of them share a kind of care.

mod average_quota;
mod bed_day;
mod beside;
mod by_disease;
mod case;
mod daily_cap;
mod drg_rate;
mod pay;
mod per_capita;
mod periodic;
mod service_unit;
mod total_prepayment;
#[cfg(test)]
mod worked_tests;

pub use bed_day::{BedDayRules, Phase};
pub use beside::{has_points, has_rate, is_named, names_cases, pay_beside, pay_by_rate, paying_method};
pub use by_disease::{DiseaseRules, VariantRule};
pub use case::{Case, Earlier, Volume};
pub use drg_rate::{RateRules, RatedCase, rate_case};
pub use pay::{MethodRules, Paid, Prepaid, UnsettledMethod, pay};
pub use per_capita::CapitaRules;
pub(super) use per_capita::twelfths;

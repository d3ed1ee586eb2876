//! What settlement decides: pure types and functions.

mod advance;
mod average_quota;
pub mod bills;
mod by_disease;
mod cited;
pub mod clearing;
mod daily_cap;
mod deposit;
mod fourth_quarter;
mod method;
mod month;
mod order;
mod per_capita;
mod refusal;
pub mod rules;
mod terms;
pub mod upload;
mod working_capital;

pub use advance::advance;
pub use average_quota::average_quota;
pub use by_disease::{DiseaseVolume, by_disease};
pub use cited::Cited;
pub use daily_cap::{Stay, daily_cap};
pub use deposit::{deposit_base, deposit_forfeited, year_payable};
pub use fourth_quarter::{FourthQuarterRule, fourth_quarter_rate};
pub use method::{UnsettledMethod, Volume, calculator, method_amount};
pub use month::{DeferralRule, SettledMonth, YearSoFar, settle};
pub use order::{MonthOrder, month_order};
pub use per_capita::per_capita;
pub use refusal::{Refusal, Refused, refuse};
pub use terms::{DiseaseStandard, PaymentTerm};
pub use working_capital::{count_advance, working_capital};

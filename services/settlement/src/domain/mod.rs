//! What settlement decides: pure types and functions.

pub mod accounts;
mod advance;
mod bank_file;
pub mod bills;
mod cited;
pub mod clearing;
pub mod coverage;
mod deposit;
mod drg;
mod error;
mod fourth_quarter;
/// What is in force since when.
pub mod in_force;
mod instalment;
mod manifest;
pub mod methods;
mod month;
mod monthly_prepayment;
mod order;
mod party;
pub mod pool;
mod prepaid;
mod refusal;
pub mod rules;
pub mod special_case;
mod statement;
mod terms;
pub mod timeliness;
pub mod upload;
mod words;
#[cfg(test)]
mod worked_banan;
#[cfg(test)]
mod worked_tests;
mod working_capital;

pub use advance::advance;
pub use bank_file::{BankLine, bank_file};
pub use cited::Cited;
pub use deposit::{deposit_base, deposit_forfeited, year_payable};
pub use drg::DrgKind;
pub use error::SettlementError;
pub use fourth_quarter::{FourthQuarterRule, fourth_quarter_rate, visits_by_quarter};
pub use instalment::instalment;
pub use manifest::Manifest;
pub use month::{DeferralRule, RunState, SettledMonth, YearSoFar, settle};
pub use monthly_prepayment::monthly_prepayment;
pub use order::{BankResult, MonthOrder, Noted, OrderKind, OrderState, month_order, note_result};
pub use party::Party;
pub use prepaid::{Grant, PaidAhead, PrepaymentKind, paid_ahead};
pub use refusal::{Refusal, Refused, refuse};
pub use statement::{Answer, StatementMethod, StatementState};
pub use terms::{
    AgeGroup, Assigned, BedDayStandard, ChronicStandard, DiseaseStandard, PaymentTerm, PeriodicStandard,
    ServiceUnit, Standards, terms_of,
};
pub use words::UnknownWord;
pub use working_capital::{count_advance, working_capital};

//! Cases of a pool that are reviewed singly (特病单议): filed within a quota, heard by experts who are drawn, and
//! counted by the cost that is found justified.

mod error;
mod expert;
mod filing;
mod review;
mod rules;
#[cfg(test)]
mod worked_tests;

pub use error::SpecialCaseError;
pub use expert::{Expert, draw};
pub use filing::{Filing, filing_ends, most_cases};
pub use review::{HeardExpert, Opinion, Proposal, Review, SpecialCaseState};
pub use rules::{SpecialCaseRules, special_case_rules};

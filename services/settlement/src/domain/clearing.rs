//! The annual clearing (年度清算): surplus kept, overspend shared, deductions (结余留用、超支分担).

mod institution;
mod outcome;
mod plan;

pub use institution::{InstitutionYear, Measured, measure};
pub use outcome::{ClearingState, Outcome, Totals};
pub use plan::{ClearedInstitution, ClearingPlan, ClearingRules, plan};

#[cfg(test)]
mod tests;

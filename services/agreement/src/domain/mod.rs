//! What institutions are, what is agreed with them and how they are assessed.
//!
//! Pure: dates, ids and the pack's parameters come in as arguments.

/// Agreements and supplements.
pub mod agreement;
/// Whether the rules were kept.
pub mod conduct;
/// Decisions heard from `budget`.
pub mod decision;
/// Why commands are refused.
pub mod error;
/// Derivations of computed amounts.
pub mod explain;
/// Indicators and what missing them costs.
pub mod indicators;
/// Sampled inspections.
pub mod inspection;
/// Institutions, their admission and exit.
pub mod institution;
/// Districts' inpatient methods.
pub mod method;
/// The pack's parameters as the domain takes them.
pub mod pack_rules;
/// What is made by one person and confirmed by another.
pub mod record;
/// Monthly reports and quarterly disclosures.
pub mod report;
/// Graded reviews.
pub mod review;
/// Parameters.
pub mod rules;
/// Agreements' payment terms.
pub mod terms;
/// Maker and checker.
pub mod two_persons;
/// Violations.
pub mod violation;
#[cfg(test)]
mod worked_examples;

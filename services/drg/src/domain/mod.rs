//! Which schemes, crosswalks and tariffs an area has, which are in force, and what a case's group is.
//!
//! Pure: instants, days and schemes come in as arguments.

/// Since when which scheme or tariff is in force.
pub mod adoption;
/// Case files that are grouped as a whole.
pub mod batch;
/// Two schemes on the same cases.
pub mod comparison;
/// Crosswalks from their maker to their checker.
pub mod crosswalk;
/// What bytes are known by.
pub mod digest;
/// Cases and their groups.
pub mod grouping;
/// Past cases with their costs.
pub mod history;
/// Schemes from their maker to their checker.
pub mod scheme;
/// Tariffs from their maker to their checker.
pub mod tariff;

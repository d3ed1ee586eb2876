//! Which schemes an area has, which is in force, and what a case's group is.
//!
//! Pure: instants, days and schemes come in as arguments.

/// Since when which scheme is in force.
pub mod adoption;
/// Two schemes on the same cases.
pub mod comparison;
/// Cases and their groups.
pub mod grouping;
/// Schemes from their maker to their checker.
pub mod scheme;

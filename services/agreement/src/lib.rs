//! Institutions, what is agreed with them, and how they are assessed.

pub mod domain;
mod schema;
/// The tables.
pub mod store;

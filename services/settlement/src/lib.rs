//! Bills, months, payments and the year's clearing.

pub mod domain;
pub mod store;

//! What institutions would be paid by a tariff and coefficients (测算), and the difference between two settings.
//!
//! Cases are taken as normal ones, or by what they cost ([`Cases::by_cost`]), where that is known of each.

mod cases;
mod compare;
mod pay;
mod setting;

pub use cases::Cases;
pub use compare::{AdrgDifference, Difference, by_adrg, differences};
pub use pay::{InstitutionPay, Paid, WhatIfError, derive_pay, pay};
pub use setting::{Method, Setting};

pub use crate::share::Covers;

#[cfg(test)]
mod tests;

//! What institutions would be paid by a tariff and coefficients (测算), and the difference between two settings.

mod compare;
mod pay;
mod setting;

pub use compare::{AdrgDifference, Difference, by_adrg, differences};
pub use pay::{InstitutionPay, Paid, WhatIfError, derive_pay, pay};
pub use setting::{Covers, Method, Setting};

#[cfg(test)]
mod tests;

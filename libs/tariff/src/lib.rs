//! DRG tariffs (DRG 权重、点数与支付标准): how they are made from what care has cost, and what they pay.
//!
//! - [`history`] holds what past cases have cost; [`weight`] makes a [`Tariff`] of it.
//! - [`points`] turns weights into points.
//!
//! No IO, no async, no clock, no floating point: every number is exact until the one rounding that its
//! doc comment names.
#![warn(clippy::float_arithmetic)]

mod code;
pub mod history;
pub mod points;
mod published;
mod tariff;
pub mod weight;

pub use code::{GroupCode, NoGroupCode};
pub use published::{PublishedTariff, UnreadableTariff};
pub use tariff::{Group, Level, Payee, Pricing, Scope, Scoped, Tariff, TariffError, Weight};

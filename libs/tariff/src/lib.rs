//! DRG tariffs (DRG 权重、点数与支付标准): how they are made from what care has cost, and what they pay.
//!
//! - [`history`] holds what past cases have cost; [`weight`] makes a [`Tariff`] of it.
//! - [`table`] reads a tariff as regions publish it.
//! - [`points`] turns weights into points, [`coefficient`] tells how institutions differ, and [`case_points`] what a
//!   case counts.
//! - [`share`] shares a budget by points.
//! - [`indicators`] tells what cases say of institutions, and [`what_if`] what institutions would be paid.
//!
//! No IO, no async, no clock, no floating point: every number is exact until the one rounding that its
//! doc comment names.
#![warn(clippy::float_arithmetic)]

pub mod case_points;
mod code;
pub mod coefficient;
mod defaults;
pub mod history;
pub mod indicators;
pub mod points;
mod published;
pub mod share;
pub mod table;
mod tariff;
pub mod weight;
pub mod what_if;

pub use code::{GroupCode, NoGroupCode};
pub use defaults::{
    BandDefaults, CoefficientDefaults, DEFAULTS, Defaults, PointDefaults, ReadmissionDefaults, RiskDefaults,
    Usual, WeightDefaults,
};
pub use published::{PublishedTariff, UnreadableTariff};
pub use tariff::{Group, Level, Payee, Pricing, Scope, Scoped, Tariff, TariffError, Weight};

/// The most fen that one case costs or pays, or a weight of 1: greater ones are slips.
pub const MOST_FEN: i64 = 1_000_000_000_000;

//! Tariffs: how they are made, negotiated, published and told of.

mod cases;
mod close_round;
mod coefficients;
pub(crate) mod compute_coefficients;
pub(crate) mod decide_proposal;
pub(crate) mod draft_tariff;
pub(crate) mod import_tariff;
pub(crate) mod indicators;
pub(crate) mod locked;
mod make;
pub(crate) mod propose_change;
pub(crate) mod publish_tariff;
mod queries;
pub(crate) mod revise_tariff;
mod start_round;
pub(crate) mod what_if;

pub(crate) use coefficients::ExplainedCoefficient;
pub(crate) use queries::{Explained, TariffInForce, Wanted};

//! Tariffs: how they are made, negotiated, published and told of.

mod cases;
pub(crate) mod coefficients;
pub(crate) mod draft_tariff;
pub(crate) mod import_tariff;
pub(crate) mod indicators;
mod make;
pub(crate) mod negotiate;
pub(crate) mod publish_tariff;
mod queries;
pub(crate) mod revise_tariff;
pub(crate) mod what_if;

pub(crate) use queries::{Explained, TariffInForce, Wanted};

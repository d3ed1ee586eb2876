//! Tariffs: how they are made, negotiated, published and told of.

pub(crate) mod draft_tariff;
mod make;
pub(crate) mod negotiate;
pub(crate) mod publish_tariff;
mod queries;
pub(crate) mod revise_tariff;

pub(crate) use queries::{Explained, TariffInForce, Wanted};

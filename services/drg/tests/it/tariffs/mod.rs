//! Histories and tariffs.

mod bad_requests;
mod history;
mod making;
mod negotiation;
mod publishing;
mod reasons;
mod story;
pub(crate) mod words;

pub(crate) use bad_requests::{histories as bad_histories, tariffs as bad_tariffs};
pub(crate) use reasons::{histories as history_reasons, tariffs as tariff_reasons};
pub(crate) use story::tell;

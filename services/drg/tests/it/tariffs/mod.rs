//! Histories and tariffs.

mod bad_computing;
mod bad_requests;
mod coefficients;
mod comparison;
mod computing_reasons;
mod history;
mod importing;
mod indicators;
mod making;
mod negotiation;
mod publishing;
mod reasons;
mod rows;
mod story;
mod what_if;
pub(crate) mod words;

pub(crate) use bad_computing::{by_budget, by_rate, computing as bad_computing};
pub(crate) use bad_requests::{histories as bad_histories, tariffs as bad_tariffs};
pub(crate) use computing_reasons::computing as computing_reasons;
pub(crate) use reasons::{
    another_scheme as reasons_of_another_scheme, histories as history_reasons, tariffs as tariff_reasons,
};
pub(crate) use story::tell;

//! What settlement does: one command a file; the only place that opens a transaction.

mod adopted;
pub(crate) mod answer_statement;
pub(crate) mod approve_clearing;
pub(crate) mod approve_orders;
pub mod bills;
pub(crate) mod case_points;
mod clearing_plan;
pub(crate) mod coverage;
pub(crate) mod create_orders;
pub(crate) mod decide_clearing;
mod deposits;
mod error;
pub(crate) mod explain;
pub(crate) mod export_orders;
mod month_cases;
mod month_facts;
mod orders;
mod packs;
pub(crate) mod pay_ahead;
mod pooled;
pub(crate) mod post;
mod prepaid;
pub(crate) mod propose_clearing;
mod queries;
pub(crate) mod record_results;
pub(crate) mod settle_month;
pub(crate) mod special_cases;
mod stages;
pub(crate) mod start_month;
mod statement;
pub(crate) mod timeliness;

use std::sync::Arc;

use medfund_db::{Caller, Database, Reader, Writer};
use medfund_tariff::PublishedTariff;
use medfund_types::Area;

use adopted::Adopted;
pub(crate) use deposits::Deposit;
pub(crate) use error::Error;
use packs::{Packs, Year};
pub(crate) use queries::{ClearingView, Page};
pub use stages::Stages;

/// The commands and queries of months, payments and clearings.
#[derive(Clone)]
pub(crate) struct Settlement {
    writer: Writer,
    reader: Reader,
    database: Database,
    packs: Arc<Packs>,
    tariffs: Arc<Adopted<PublishedTariff>>,
    stages: Stages,
}

/// Who reads, and what area.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub(crate) caller: Caller,
    pub(crate) area: Area,
}

impl Settlement {
    pub(crate) fn new(database: &Database, stages: Stages) -> Self {
        Self {
            writer: database.writer(),
            reader: database.reader(),
            database: database.clone(),
            packs: Arc::default(),
            tariffs: Arc::new(Adopted::tariffs()),
            stages,
        }
    }
}

/// Writes plain data as JSON.
fn json<T: serde::Serialize>(value: &T) -> serde_json::Value {
    serde_json::to_value(value).expect("plain data can be written as JSON")
}

//! What the service does: one command a file, and the only place that opens a transaction.

pub(crate) mod adjust_pool;
pub(crate) mod adjust_quota;
pub(crate) mod advance_business_date;
pub(crate) mod allot_primary_care;
pub(crate) mod balance_decomposition;
pub(crate) mod close_accounts;
pub(crate) mod confirm_decision;
pub(crate) mod decide;
mod decide_budget;
mod decide_decomposition;
mod decide_structure;
mod decide_target;
mod error;
mod lookups;
pub(crate) mod open_calendar;
pub(crate) mod open_clearing;
pub(crate) mod open_fund_year;
mod policy;
mod pool_approved;
pub(crate) mod posting;
pub(crate) mod propose_budget;
pub(crate) mod propose_decomposition;
pub(crate) mod propose_structure;
pub(crate) mod propose_target;
pub(crate) mod publish_disclosure;
pub(crate) mod publish_pack;
mod queries;
pub(crate) mod record_coefficient;
pub(crate) mod record_decision;
pub(crate) mod record_history;
pub(crate) mod record_negotiation_round;
pub(crate) mod record_progress;
pub(crate) mod reopen_task;
mod reserve;
pub(crate) mod review_budget;
mod rules;
pub(crate) mod submit_application;
pub(crate) mod submit_pack;
mod tasks;
mod year;

use std::sync::Arc;

use medfund_db::{Caller, Database, Reader, Writer};
use medfund_types::Area;

pub(crate) use error::Error;
use policy::Packs;
pub(crate) use queries::{Page, TaskFilter};

/// The commands and queries of the service.
#[derive(Clone)]
pub(crate) struct App {
    writer: Writer,
    reader: Reader,
    packs: Arc<Packs>,
}

/// Who reads, and what area.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub(crate) caller: Caller,
    pub(crate) area: Area,
}

impl App {
    pub(crate) fn new(database: &Database) -> Self {
        Self { writer: database.writer(), reader: database.reader(), packs: Arc::default() }
    }
}

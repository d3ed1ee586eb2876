//! What the service does: one command a file, and the only place that opens a transaction.

pub(crate) mod admit_institution;
pub(crate) mod confirm_clean_record;
pub(crate) mod confirm_indicators;
pub(crate) mod confirm_inspection;
pub(crate) mod confirm_institution_change;
pub(crate) mod confirm_review;
pub(crate) mod confirm_violation;
pub(crate) mod create_institution;
pub(crate) mod draft_agreement;
mod error;
pub(crate) mod evaluate_institution;
mod explain;
pub(crate) mod facts;
pub(crate) mod propose_institution_change;
pub(crate) mod publish_disclosure;
mod queries;
pub(crate) mod record_conduct;
pub(crate) mod record_disclosure;
pub(crate) mod record_indicators;
pub(crate) mod record_inspection;
pub(crate) mod record_review;
pub(crate) mod record_violation;
mod records;
pub(crate) mod set_inpatient_method;
pub(crate) mod sign_agreement;
pub(crate) mod state_clean_record;
pub(crate) mod submit_monthly_report;

use std::sync::Arc;

use medfund_db::{Call, Caller, Database, Reader, Writer};
use medfund_types::Area;
use uuid::Uuid;

pub(crate) use error::Error;
use facts::Packs;
pub(crate) use queries::OfYear;

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

/// Confirms a record that somebody else made.
pub(crate) struct Confirm {
    pub(crate) call: Call,
    pub(crate) id: Uuid,
}

impl App {
    pub(crate) fn new(database: &Database) -> Self {
        Self { writer: database.writer(), reader: database.reader(), packs: Arc::default() }
    }
}

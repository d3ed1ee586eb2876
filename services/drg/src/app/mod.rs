//! What the service does: one command a file, queries together, and the only place that opens a transaction.

pub(crate) mod batches;
pub(crate) mod beside;
mod by;
pub(crate) mod confirm_adoption;
pub(crate) mod crosswalks;
mod error;
pub(crate) mod history;
mod kept;
pub(crate) mod propose_adoption;
pub(crate) mod publish_scheme;
mod queries;
pub(crate) mod schemes;
mod standing;
pub(crate) mod submit_scheme;
pub(crate) mod tariff;

use std::sync::Arc;

use medfund_db::{Caller, Database, Reader, Writer};
use medfund_proto::auth::v1::Role;
use medfund_types::Area;
use tokio::sync::Notify;

use crate::config::SERVICE;
pub(crate) use by::{By, WantedBy};
use crosswalks::Crosswalks;
pub(crate) use error::Error;
pub(crate) use queries::InForce;
use schemes::Schemes;

/// The commands and queries of the service.
#[derive(Clone)]
pub(crate) struct App {
    writer: Writer,
    reader: Reader,
    schemes: Arc<Schemes>,
    crosswalks: Arc<Crosswalks>,
    /// Told when a batch waits to be grouped.
    pub(crate) batch_work: Arc<Notify>,
}

/// Who reads, and what area.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub(crate) caller: Caller,
    pub(crate) area: Area,
}

impl Read {
    /// Whether the caller may know of what nobody has published: whoever only reads what the fund publishes may not.
    fn sees_unpublished(&self) -> bool {
        self.caller.roles.iter().any(|role| *role != i32::from(Role::Public))
    }

    /// What the service reads of an area on its own.
    fn own(area: Area) -> Self {
        let caller = Caller {
            subject: SERVICE.to_owned(),
            roles: vec![Role::Service.into()],
            area: None,
            institution: None,
        };
        Self { caller, area }
    }
}

impl App {
    pub(crate) fn new(database: &Database) -> Self {
        Self {
            writer: database.writer(),
            reader: database.reader(),
            schemes: Arc::default(),
            crosswalks: Arc::default(),
            batch_work: Arc::default(),
        }
    }
}

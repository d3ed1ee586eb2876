//! Taking in bills and reading them.

mod abandon_upload;
mod error;
mod finish_upload;
mod read;
mod rules;
mod start_upload;
mod take_chunk;
mod withdraw_bill;

use std::sync::{Arc, Mutex};

use medfund_db::{Database, Reader, Writer};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use error::BillError;
pub use read::BillPage;
pub use start_upload::StartUpload;
pub use take_chunk::TakeChunk;
pub use withdraw_bill::WithdrawBill;

use super::adopted::Adopted;
use super::stages::Stages;
use crate::domain::bills::{BillCodes, GroupingScheme};

/// Uploads that send at the same time; each holds a chunk of a few megabytes at most.
const MAX_STREAMS: usize = 48;

type KnownCodes = Vec<(String, Arc<BillCodes>)>;

/// What takes in bills and reads them.
#[derive(Clone)]
pub struct Bills {
    writer: Writer,
    reader: Reader,
    streams: Arc<Semaphore>,
    /// The codes of packs that were read before, by hash; a pack never changes.
    codes: Arc<Mutex<KnownCodes>>,
    schemes: Arc<Adopted<GroupingScheme>>,
    stages: Stages,
}

impl Bills {
    /// Takes in bills and reads them in `database`; tells `stages` how long that takes.
    #[must_use]
    pub fn new(database: &Database, stages: Stages) -> Self {
        Self {
            writer: database.writer(),
            reader: database.reader(),
            streams: Arc::new(Semaphore::new(MAX_STREAMS)),
            codes: Arc::default(),
            schemes: Arc::new(Adopted::schemes()),
            stages,
        }
    }

    /// Takes a place among the uploads that send at the same time.
    ///
    /// # Errors
    ///
    /// [`BillError::TooManyStreams`] if there is none.
    pub fn enter(&self) -> Result<OwnedSemaphorePermit, BillError> {
        Arc::clone(&self.streams).try_acquire_owned().map_err(|_| BillError::TooManyStreams)
    }
}

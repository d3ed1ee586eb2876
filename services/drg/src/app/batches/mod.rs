//! Batches: taking in files, grouping them, giving answers.

pub(crate) mod cancel_batch;
mod expire_batch;
pub(crate) mod finish_upload;
mod group_slice;
mod hasher;
mod read;
pub(crate) mod start_batch;
pub(crate) mod take_part;

use medfund_db::{AsyncPgConnection, Call};
use medfund_types::Area;
use uuid::Uuid;

use super::{Error, Read};
use crate::domain::batch::{Batch, BatchError};
use crate::store;
use crate::store::batches::Stored;

/// Locks a batch, or tells that the caller has none of this id.
async fn locked(conn: &mut AsyncPgConnection, area: &Area, batch_id: Uuid) -> Result<Stored, Error> {
    let stored = store::batches::lock(conn, area, batch_id).await?;
    Ok(stored.ok_or(BatchError::NotFound)?)
}

/// Deletes everything that belongs to a batch.
async fn delete_content(conn: &mut AsyncPgConnection, batch: &Batch) -> Result<(), Error> {
    store::batch_parts::delete(conn, batch).await?;
    store::batch_answers::delete(conn, batch).await?;
    store::batch_errors::delete(conn, batch).await?;
    Ok(())
}

/// What the service does on its own with a batch.
///
/// - `step`: tells the steps of one batch apart; the same step is done once.
fn own_call(
    method: &'static str,
    (area, batch_id): (Area, Uuid),
    step: &str,
    instant: chrono::DateTime<chrono::Utc>,
) -> Call {
    let Read { caller, area } = Read::own(area);
    let request_id = Uuid::new_v5(&batch_id, step.as_bytes());
    Call { caller, area, method, request_id, digest: [0; 32], instant, dry_run: false }
}

use medfund_db::Call;
use uuid::Uuid;

use super::{delete_content, locked};
use crate::app::{App, Error};
use crate::domain::batch::Batch;
use crate::store;

/// Gives up a batch.
pub(crate) struct CancelBatch {
    pub(crate) call: Call,
    pub(crate) batch_id: Uuid,
}

impl App {
    /// Gives up a batch and deletes all that belongs to it.
    pub(crate) async fn cancel_batch(&self, command: CancelBatch) -> Result<Batch, Error> {
        let CancelBatch { call, batch_id } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let (area, instant) = (tx.area().clone(), tx.instant());
                    let mut stored = locked(tx.conn(), &area, batch_id).await?;
                    stored.batch = stored.batch.cancel(instant)?;
                    delete_content(tx.conn(), &stored.batch).await?;
                    store::batches::update(tx.conn(), &stored).await?;
                    Ok(stored.batch)
                })
            })
            .await
    }
}

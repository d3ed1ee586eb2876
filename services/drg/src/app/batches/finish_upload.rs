use medfund_db::Call;
use uuid::Uuid;

use super::{hasher, locked};
use crate::app::{App, Error};
use crate::domain::batch::Batch;
use crate::store;

/// Ends the upload of a batch's file.
pub(crate) struct FinishUpload {
    pub(crate) call: Call,
    pub(crate) batch_id: Uuid,
}

impl App {
    /// Ends an upload and has the file grouped.
    pub(crate) async fn finish_upload(&self, command: FinishUpload) -> Result<Batch, Error> {
        let FinishUpload { call, batch_id } = command;
        let finished = self
            .writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let (area, instant) = (tx.area().clone(), tx.instant());
                    let mut stored = locked(tx.conn(), &area, batch_id).await?;
                    let digest = hasher::digest(&stored.upload_hasher);
                    stored.batch = stored.batch.finish_upload(&digest, instant)?;
                    store::batches::update(tx.conn(), &stored).await?;
                    Ok::<_, Error>(stored.batch)
                })
            })
            .await?;
        self.batch_work.notify_one();
        Ok(finished)
    }
}

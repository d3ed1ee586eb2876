use medfund_db::Call;
use uuid::Uuid;

use super::{hasher, locked};
use crate::app::{App, Error};
use crate::domain::batch::Batch;
use crate::store;

/// Takes in the next bytes of a file.
pub(crate) struct TakePart {
    /// The call, with the part's own digest and an id made of it.
    pub(crate) call: Call,
    pub(crate) batch_id: Uuid,
    /// Where in the file `content` begins.
    pub(crate) offset: i64,
    pub(crate) content: Vec<u8>,
}

impl App {
    /// Takes in the next bytes of a file; those that are there already are passed over.
    pub(crate) async fn take_part(&self, command: TakePart) -> Result<Batch, Error> {
        let TakePart { call, batch_id, offset, content } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let (area, instant) = (tx.area().clone(), tx.instant());
                    let mut stored = locked(tx.conn(), &area, batch_id).await?;
                    let n_known = stored.batch.n_known(offset, content.len())?;
                    let fresh = &content[n_known..];
                    if fresh.is_empty() {
                        return Ok(stored.batch);
                    }
                    store::batch_parts::insert(tx.conn(), &stored.batch, stored.batch.next_offset, fresh)
                        .await?;
                    stored.upload_hasher = hasher::seen(&stored.upload_hasher, fresh);
                    stored.batch.next_offset += i64::try_from(fresh.len()).expect("a part is small");
                    stored.batch.update_time = instant;
                    store::batches::update(tx.conn(), &stored).await?;
                    Ok(stored.batch)
                })
            })
            .await
    }
}

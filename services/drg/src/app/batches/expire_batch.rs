use chrono::{DateTime, Utc};
use medfund_types::Area;
use uuid::Uuid;

use super::{delete_content, locked, own_call};
use crate::app::{App, Error};
use crate::domain::batch::BatchState;
use crate::store;

const METHOD: &str = "medfund.drg.v1.BatchService/ExpireBatch";

/// How many batches are looked up at a time.
const N_AT_A_TIME: i64 = 64;

impl App {
    /// Deletes what belongs to batches whose time is over, each whatever becomes of the others; returns of how many.
    pub(crate) async fn expire_batches(&self, instant: DateTime<Utc>) -> Result<usize, Error> {
        let over = self.reader.run_suite(move |conn| {
            Box::pin(
                async move { Ok::<_, Error>(store::batches::list_over(conn, instant, N_AT_A_TIME).await?) },
            )
        });
        let mut n_expired = 0;
        for (area, batch_id, expire_time) in over.await? {
            match self.expire_batch((area, batch_id), expire_time, instant).await {
                Ok(()) => n_expired += 1,
                Err(error) => tracing::warn!(%error, batch = %batch_id, "a batch could not be deleted"),
            }
        }
        Ok(n_expired)
    }

    async fn expire_batch(
        &self,
        key: (Area, Uuid),
        expire_time: DateTime<Utc>,
        instant: DateTime<Utc>,
    ) -> Result<(), Error> {
        let batch_id = key.1;
        let call = own_call(METHOD, key, &format!("expire/{expire_time}"), instant);
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area().clone();
                    let mut stored = locked(tx.conn(), &area, batch_id).await?;
                    // Meanwhile it may have changed.
                    if stored.batch.is_over(instant) {
                        delete_content(tx.conn(), &stored.batch).await?;
                        stored.batch.state = BatchState::Expired;
                        stored.batch.update_time = instant;
                        store::batches::update(tx.conn(), &stored).await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}

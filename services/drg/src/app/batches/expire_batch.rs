use chrono::{DateTime, Utc};
use medfund_types::Area;
use uuid::Uuid;

use super::{delete_content, locked, own_call};
use crate::app::{App, Error};
use crate::domain::batch::BatchState;
use crate::store;
use crate::store::batches::Over;

const METHOD: &str = "medfund.drg.v1.BatchService/ExpireBatch";

/// How many batches are looked up at a time.
const N_AT_A_TIME: i64 = 64;

impl App {
    /// Deletes what belongs to batches whose time is over, each whatever becomes of the others; returns of how many.
    ///
    /// Looks behind those that cannot be deleted until it finds one that can.
    pub(crate) async fn expire_batches(&self, instant: DateTime<Utc>) -> Result<usize, Error> {
        let (mut n_expired, mut last) = (0, None);
        while n_expired == 0 {
            let over = self.batches_over(instant, last.take()).await?;
            last = over.last().cloned();
            if last.is_none() {
                break;
            }
            for (area, batch_id, expire_time) in over {
                match self.expire_batch((area, batch_id), expire_time, instant).await {
                    Ok(()) => n_expired += 1,
                    Err(error) => tracing::warn!(%error, batch = %batch_id, "a batch could not be deleted"),
                }
            }
        }
        Ok(n_expired)
    }

    async fn batches_over(&self, instant: DateTime<Utc>, after: Option<Over>) -> Result<Vec<Over>, Error> {
        let over = self.reader.run_suite(move |conn| {
            Box::pin(async move {
                let over = store::batches::list_over(conn, instant, after.as_ref(), N_AT_A_TIME).await?;
                Ok::<_, Error>(over)
            })
        });
        over.await
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

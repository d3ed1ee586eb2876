use futures::{Stream, stream};
use uuid::Uuid;

use crate::app::{App, Error, Read};
use crate::domain::batch::{Batch, BatchError};
use crate::store::batch_errors::{ErrorKey, StoredError};
use crate::store::batch_parts::Part;
use crate::store::batches::BatchKey;
use crate::store::{self, Page};

impl App {
    pub(crate) async fn batch(&self, read: Read, batch_id: Uuid) -> Result<Batch, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let batch = store::batches::find(conn, &area, batch_id).await?;
                    Ok(batch.ok_or(BatchError::NotFound)?)
                })
            })
            .await
    }

    pub(crate) async fn batches(&self, read: Read, page: Page<BatchKey>) -> Result<Vec<Batch>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move { Ok(store::batches::list(conn, &area, &page).await?) })
            })
            .await
    }

    pub(crate) async fn batch_errors(
        &self,
        read: Read,
        batch_id: Uuid,
        page: Page<ErrorKey>,
    ) -> Result<Vec<StoredError>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let batch = store::batches::find(conn, &area, batch_id).await?;
                    batch.ok_or(BatchError::NotFound)?.if_kept()?;
                    Ok(store::batch_errors::list(conn, &area, batch_id, &page).await?)
                })
            })
            .await
    }

    /// The answers from `offset` on, as far as there are any, row by row as they are taken.
    pub(crate) async fn batch_answers(
        &self,
        read: Read,
        batch_id: Uuid,
        offset: i64,
    ) -> Result<impl Stream<Item = Result<Part, Error>> + Send + use<>, Error> {
        self.batch(read.clone(), batch_id).await?.if_kept()?;
        let app = self.clone();
        Ok(stream::try_unfold(offset, move |offset| {
            let (app, read) = (app.clone(), read.clone());
            async move {
                let found = app.next_answers(read, batch_id, offset).await?;
                Ok(found.map(|part| {
                    let end = part.begins_at + i64::try_from(part.content.len()).expect("a row is small");
                    (part, end)
                }))
            }
        }))
    }

    /// The next answers from `offset` on; no answers are no end of them if the batch is deleted meanwhile.
    async fn next_answers(&self, read: Read, batch_id: Uuid, offset: i64) -> Result<Option<Part>, Error> {
        let area = read.area.clone();
        let found: Result<Option<Part>, Error> = self
            .reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let batch = store::batches::find(conn, &area, batch_id).await?;
                    batch.ok_or(BatchError::NotFound)?.if_kept()?;
                    Ok(store::batch_answers::next(conn, &area, batch_id, offset).await?)
                })
            })
            .await;
        let cut = |part: Part| {
            let known = usize::try_from(offset - part.begins_at).unwrap_or(0);
            Part { begins_at: part.begins_at.max(offset), content: part.content[known..].to_vec() }
        };
        Ok(found?.map(cut))
    }
}

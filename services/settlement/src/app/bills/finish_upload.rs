use medfund_db::Call;
use uuid::Uuid;

use super::{BillError, Bills};
use crate::domain::upload::{Upload, UploadError};
use crate::store::uploads;

impl Bills {
    /// Ends an upload whose lines were all sent.
    ///
    /// # Errors
    ///
    /// [`UploadError::NotFound`], [`UploadError::NotOpen`], then [`UploadError::Incomplete`].
    pub async fn finish_upload(&self, call: Call, upload_id: Uuid) -> Result<Upload, BillError> {
        let area = call.area.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let upload =
                        uploads::lock(tx.conn(), &area, upload_id).await?.ok_or(UploadError::NotFound)?;
                    let upload = upload.finish(tx.instant())?;
                    uploads::update(tx.conn(), &upload).await?;
                    Ok(upload)
                })
            })
            .await
    }
}

use medfund_db::{Call, Tx};
use medfund_types::{InstitutionCode, SettlementMonth};

use super::{BillError, Bills, rules};
use crate::domain::upload::{Counts, Upload, UploadError, UploadState};
use crate::store::bill_months::{self, MonthState};
use crate::store::{institutions, uploads};

/// Starts the upload of a file, or takes up the one of the same file.
#[derive(Clone, Debug)]
pub struct StartUpload {
    /// The call; its request id is a new upload's id.
    pub call: Call,
    /// The uploader.
    pub institution: InstitutionCode,
    /// The month whose settlements the file holds.
    pub month: SettlementMonth,
    /// SHA-256 of the file.
    pub file_digest: [u8; 32],
    /// Lines in the file.
    pub n_lines: i64,
}

impl Bills {
    /// Starts the upload of a file, or takes up the one of the same file.
    ///
    /// # Errors
    ///
    /// [`UploadError::Differs`] if the file was announced otherwise; [`UploadError::InstitutionUnknown`],
    /// [`UploadError::CalendarNotOpen`], [`UploadError::MonthInFuture`],
    /// [`UploadError::FundYearNotOpen`], [`UploadError::MonthClosed`], [`UploadError::Exists`].
    pub async fn start_upload(&self, command: StartUpload) -> Result<Upload, BillError> {
        let call = command.call.clone();
        self.writer.run(call, move |tx| Box::pin(start(tx, command))).await
    }
}

async fn start(tx: &mut Tx<'_>, command: StartUpload) -> Result<Upload, BillError> {
    let StartUpload { call, institution, month, file_digest, n_lines } = command;
    let instant = tx.instant();
    // The upload's row is locked before its month's, as everywhere.
    let known = uploads::lock_file(tx.conn(), &call.area, &institution, month, &file_digest).await?;
    if let Some(upload) = &known
        && upload.state == UploadState::Finished
    {
        return Ok(upload.clone().resume(n_lines, instant)?);
    }

    if institutions::find(tx.conn(), &call.area, &institution).await?.is_none() {
        return Err(UploadError::InstitutionUnknown(institution).into());
    }
    rules::check_month(tx.conn(), &call.area, month).await?;
    if bill_months::lock_first(tx.conn(), &call.area, month).await? == MonthState::Closed {
        return Err(UploadError::MonthClosed(month).into());
    }
    bill_months::insert_missing(tx.conn(), &call.area, &institution, month).await?;
    if bill_months::lock_shared(tx.conn(), &call.area, &institution, month).await? == MonthState::Closed {
        return Err(UploadError::MonthClosed(month).into());
    }
    if let Some(upload) = known {
        let upload = upload.resume(n_lines, instant)?;
        uploads::update(tx.conn(), &upload).await?;
        return Ok(upload);
    }
    let upload = Upload {
        area: call.area,
        upload_id: call.request_id,
        institution,
        month,
        file_digest,
        n_lines,
        state: UploadState::Open,
        counts: Counts::default(),
        create_time: instant,
        update_time: instant,
    };
    uploads::insert(tx.conn(), &upload).await?;
    Ok(upload)
}

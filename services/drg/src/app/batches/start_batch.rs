use medfund_db::Call;
use medfund_types::InstitutionCode;

use super::hasher;
use crate::app::schemes::{Purpose, chosen};
use crate::app::{App, Error, WantedBy, crosswalks};
use crate::domain::batch::{Batch, BatchError, BatchState, Counts, Progress};
use crate::domain::digest::Digest;
use crate::store;
use crate::store::batches::Stored;

/// Starts a batch, whose file is still to come.
#[derive(Debug)]
pub(crate) struct StartBatch {
    /// The call; its request id is the batch's id.
    pub(crate) call: Call,
    pub(crate) institution: Option<InstitutionCode>,
    pub(crate) by: WantedBy,
    pub(crate) check_quality: bool,
    pub(crate) file_digest: Digest,
    pub(crate) n_bytes: i64,
    pub(crate) keep_days: i32,
}

impl App {
    /// Settles by which scheme a file is grouped, and waits for it.
    pub(crate) async fn start_batch(&self, command: StartBatch) -> Result<Batch, Error> {
        let StartBatch { call, institution, by, check_quality, file_digest, n_bytes, keep_days } = command;
        let batch_id = call.request_id;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let (area, instant) = (tx.area().clone(), tx.instant());
                    let usage = store::batches::lock_usage(tx.conn(), &area, institution.as_ref()).await?;
                    usage.if_room(n_bytes)?;
                    let WantedBy { choice, crosswalk } = by;
                    if let Some(hash) = &crosswalk {
                        crosswalks::check(tx.conn(), &area, hash, Purpose::Grouping).await?;
                    }
                    let scheme = chosen(tx.conn(), &area, choice, Purpose::Grouping).await?;
                    let batch = Batch {
                        area,
                        batch_id,
                        institution,
                        scheme,
                        crosswalk,
                        check_quality,
                        file_digest,
                        n_bytes,
                        keep_days,
                        state: BatchState::Uploading,
                        next_offset: 0,
                        progress: Progress::default(),
                        counts: Counts::default(),
                        n_answer_bytes: 0,
                        answers_digest: None,
                        failure: None,
                        maker: tx.caller().subject.clone(),
                        create_time: instant,
                        update_time: instant,
                    };
                    let (upload_hasher, answers_hasher) = (hasher::new(), hasher::new());
                    let stored = Stored { batch, upload_hasher, answers_hasher, n_failures: 0 };
                    if !store::batches::insert(tx.conn(), &stored).await? {
                        return Err(BatchError::Exists.into());
                    }
                    Ok(stored.batch)
                })
            })
            .await
    }
}

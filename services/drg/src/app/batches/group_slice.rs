use chrono::{DateTime, Utc};
use medfund_db::{DbError, Tx};
use medfund_grouper::batch::LONGEST_LINE;
use medfund_types::Area;
use uuid::Uuid;

use super::{hasher, locked, own_call};
use crate::app::schemes::{Choice, Purpose};
use crate::app::{App, By, Error, Read, WantedBy};
use crate::domain::batch::{
    self, Answered, Batch, BatchError, BatchState, MOST_FAILURES, NoCaseList, Slice, answer,
};
use crate::store;
use crate::store::batch_parts::Part;
use crate::store::batches::Stored;

const METHOD: &str = "medfund.drg.v1.BatchService/GroupSlice";

const METHOD_OF_FAILURE: &str = "medfund.drg.v1.BatchService/FailSlice";

/// How many batches are worked on in turn.
const N_AT_A_TIME: i64 = 64;

/// Bytes of a file that are grouped in one transaction: more than a line may have, with its end.
const SLICE: usize = LONGEST_LINE + 2;

/// A slice that is to be grouped.
struct NextSlice {
    batch: Batch,
    parts: Vec<Part>,
    by: By,
}

impl App {
    /// Groups a slice of each batch that waits for that, whatever becomes of the others; returns of how many.
    ///
    /// - `instant`: when.
    pub(crate) async fn group_slices(&self, instant: DateTime<Utc>) -> Result<usize, Error> {
        let waiting = self.reader.run_suite(|conn| {
            Box::pin(async move { Ok::<_, Error>(store::batches::list_in_work(conn, N_AT_A_TIME).await?) })
        });
        let mut n_grouped = 0;
        for key in waiting.await? {
            match self.group_slice(key.clone(), instant).await {
                Ok(()) => n_grouped += 1,
                Err(error) => {
                    tracing::warn!(%error, area = %key.0, batch = %key.1, "a slice could not be grouped");
                    self.note_failure(key, &error, instant).await;
                }
            }
        }
        Ok(n_grouped)
    }

    /// Groups the next slice of a batch, once: its answers, its errors and how far it is are one transaction.
    ///
    /// It is grouped between the transaction that reads and the one that writes, beside all other work.
    async fn group_slice(&self, key: (Area, Uuid), instant: DateTime<Utc>) -> Result<(), Error> {
        let batch_id = key.1;
        let Some(slice) = self.next_slice(&key).await? else { return Ok(()) };
        let offset = slice.batch.progress.offset;
        let answered = tokio::task::spawn_blocking(move || answered(&slice)).await;
        let answered = answered
            .map_err(|error| DbError::Internal(format!("grouping from byte {offset} on failed: {error}")))?;
        let call = own_call(METHOD, key, &format!("slice/{offset}"), instant);
        self.writer.run(call, move |tx| Box::pin(write(tx, batch_id, offset, answered))).await
    }

    /// The next slice of a batch, unless it was cancelled meanwhile, or finished by another process of the service.
    async fn next_slice(&self, key: &(Area, Uuid)) -> Result<Option<NextSlice>, Error> {
        let (area, batch_id) = key.clone();
        let (read, app) = (Read::own(area.clone()), self.clone());
        let found = self.reader.run(&read.caller, &read.area, move |conn| {
            Box::pin(async move {
                let batch = store::batches::find(conn, &area, batch_id).await?.ok_or(BatchError::NotFound)?;
                if batch.state != BatchState::Grouping {
                    return Ok(None);
                }
                let Batch { scheme, crosswalk, .. } = &batch;
                let wanted =
                    WantedBy { choice: Choice::Scheme(scheme.clone()), crosswalk: crosswalk.clone() };
                let by = app.find_by(conn, &area, wanted, Purpose::Grouping).await?;
                let n_bytes = i64::try_from(SLICE).expect("a slice is small");
                let parts = store::batch_parts::list_unanswered(conn, &batch, n_bytes).await?;
                Ok::<_, Error>(Some((batch, parts, by)))
            })
        });
        let Some((batch, parts, by)) = found.await? else { return Ok(None) };
        Ok(Some(NextSlice { batch, parts, by: self.made_by(by).await? }))
    }

    /// Counts that a batch's slice failed, unless it may succeed when it is tried again as it is.
    async fn note_failure(&self, key: (Area, Uuid), error: &Error, instant: DateTime<Utc>) {
        if error.is_passing() {
            return;
        }
        let batch_id = key.1;
        let call = own_call(METHOD_OF_FAILURE, key, &format!("failure/{instant}"), instant);
        let noted = self.writer.run(call, move |tx| Box::pin(count_failure(tx, batch_id))).await;
        if let Err(error) = noted {
            tracing::warn!(%error, batch = %batch_id, "the failure of a slice could not be noted");
        }
    }
}

async fn count_failure(tx: &mut Tx<'_>, batch_id: Uuid) -> Result<(), Error> {
    let (area, instant) = (tx.area().clone(), tx.instant());
    let mut stored = locked(tx.conn(), &area, batch_id).await?;
    if stored.batch.state != BatchState::Grouping {
        return Ok(());
    }
    stored.n_failures += 1;
    if stored.n_failures == MOST_FAILURES {
        let why = stored.batch.no_further();
        fail(tx, &mut stored, why).await?;
        stored.batch.update_time = instant;
    }
    Ok(store::batches::update(tx.conn(), &stored).await?)
}

async fn fail(tx: &mut Tx<'_>, stored: &mut Stored, why: String) -> Result<(), Error> {
    stored.batch.state = BatchState::Failed;
    stored.batch.failure = Some(why);
    Ok(store::batch_parts::delete(tx.conn(), &stored.batch).await?)
}

async fn write(
    tx: &mut Tx<'_>,
    batch_id: Uuid,
    offset: i64,
    answered: Result<Answered, NoCaseList>,
) -> Result<(), Error> {
    let (area, instant) = (tx.area().clone(), tx.instant());
    let mut stored = locked(tx.conn(), &area, batch_id).await?;
    // Cancelled meanwhile, or answered by another process of the service.
    if stored.batch.state != BatchState::Grouping || stored.batch.progress.offset != offset {
        return Ok(());
    }
    match answered {
        Ok(done) => keep(tx, &mut stored, done).await?,
        Err(NoCaseList(why)) => fail(tx, &mut stored, why).await?,
    }
    stored.batch.update_time = instant;
    stored.n_failures = 0;
    Ok(store::batches::update(tx.conn(), &stored).await?)
}

fn answered(slice: &NextSlice) -> Result<Answered, NoCaseList> {
    let NextSlice { batch, parts, by } = slice;
    let offset = batch.progress.offset;
    let begins_at = parts.first().map_or(offset, |part| part.begins_at);
    let skipped = usize::try_from(offset - begins_at).expect("the first part has the first byte");
    let bytes: Vec<u8> = parts.iter().flat_map(|part| &part.content).copied().skip(skipped).collect();
    let is_end = offset + i64::try_from(bytes.len()).expect("a slice is small") == batch.n_bytes;
    let by = batch::By {
        scheme: &by.scheme.scheme,
        crosswalk: by.crosswalk.as_deref(),
        check_quality: batch.check_quality,
    };
    let slice = Slice { bytes: &bytes, is_end, n_faults: batch.room_for_errors() };
    answer(by, batch.progress.clone(), slice)
}

async fn keep(tx: &mut Tx<'_>, stored: &mut Stored, done: Answered) -> Result<(), Error> {
    let Answered { progress, counts, answers, faults } = done;
    let batch = &mut stored.batch;
    store::batch_answers::insert(tx.conn(), batch, answers.as_bytes()).await?;
    store::batch_errors::insert(tx.conn(), batch, &faults).await?;
    batch.n_answer_bytes += i64::try_from(answers.len()).expect("a slice is small");
    batch.counts = batch.counts.plus(counts);
    batch.progress = progress;
    store::batch_parts::delete_answered(tx.conn(), batch).await?;
    stored.answers_hasher = hasher::seen(&stored.answers_hasher, answers.as_bytes());
    if batch.progress.offset == batch.n_bytes {
        batch.state = BatchState::Finished;
        batch.answers_digest = Some(hasher::digest(&stored.answers_hasher));
    }
    Ok(())
}

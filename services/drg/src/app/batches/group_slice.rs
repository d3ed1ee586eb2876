use chrono::{DateTime, Utc};
use medfund_db::Tx;
use medfund_grouper::batch::LONGEST_LINE;
use medfund_types::Area;
use uuid::Uuid;

use super::{hasher, locked, own_call};
use crate::app::schemes::{Choice, Purpose};
use crate::app::{App, By, Error, WantedBy};
use crate::domain::batch::{self, Answered, Batch, BatchState, N_ERRORS_KEPT, NoCaseList, answer};
use crate::store;
use crate::store::batch_parts::Part;
use crate::store::batches::Stored;

const METHOD: &str = "medfund.drg.v1.BatchService/GroupSlice";

/// How many batches are worked on in turn.
const N_AT_A_TIME: i64 = 64;

/// Bytes of a file that are grouped in one transaction: more than a line may have, with its end.
const SLICE: usize = LONGEST_LINE + 2;

impl App {
    /// Groups a slice of each batch that waits for that; returns how many waited.
    ///
    /// - `instant`: when.
    pub(crate) async fn group_slices(&self, instant: DateTime<Utc>) -> Result<usize, Error> {
        let waiting = self.reader.run_suite(|conn| {
            Box::pin(async move { Ok::<_, Error>(store::batches::list_in_work(conn, N_AT_A_TIME).await?) })
        });
        let waiting = waiting.await?;
        for (area, batch_id) in &waiting {
            self.group_slice((area.clone(), *batch_id), instant).await?;
        }
        Ok(waiting.len())
    }

    /// Groups the next slice of a batch, once: its answers, its errors and how far it is are one transaction.
    async fn group_slice(&self, key: (Area, Uuid), instant: DateTime<Utc>) -> Result<(), Error> {
        let (app, batch_id) = (self.clone(), key.1);
        let call = own_call(METHOD, key, &format!("slice/{instant}"), instant);
        self.writer.run(call, move |tx| Box::pin(group(app, tx, batch_id))).await
    }
}

async fn group(app: App, tx: &mut Tx<'_>, batch_id: Uuid) -> Result<(), Error> {
    let (area, instant) = (tx.area().clone(), tx.instant());
    let mut stored = locked(tx.conn(), &area, batch_id).await?;
    // Cancelled meanwhile, or finished by another process of the service.
    if stored.batch.state != BatchState::Grouping {
        return Ok(());
    }
    let Batch { scheme, crosswalk, .. } = &stored.batch;
    let wanted = WantedBy { choice: Choice::Scheme(scheme.clone()), crosswalk: crosswalk.clone() };
    let by = app.by(tx.conn(), &area, wanted, Purpose::Grouping).await?;
    let n_bytes = i64::try_from(SLICE).expect("a slice is small");
    let parts = store::batch_parts::list_unanswered(tx.conn(), &stored.batch, n_bytes).await?;
    match answered(&by, &stored.batch, &parts) {
        Ok(done) => keep(tx, &mut stored, done).await?,
        Err(NoCaseList(why)) => {
            stored.batch.state = BatchState::Failed;
            stored.batch.failure = Some(why);
            store::batch_parts::delete(tx.conn(), &stored.batch).await?;
        }
    }
    stored.batch.update_time = instant;
    store::batches::update(tx.conn(), &stored).await?;
    Ok(())
}

fn answered(by: &By, batch: &Batch, parts: &[Part]) -> Result<Answered, NoCaseList> {
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
    answer(by, batch.progress.clone(), &bytes, is_end)
}

async fn keep(tx: &mut Tx<'_>, stored: &mut Stored, done: Answered) -> Result<(), Error> {
    let Answered { progress, counts, answers, mut faults } = done;
    let batch = &mut stored.batch;
    store::batch_answers::insert(tx.conn(), batch, answers.as_bytes()).await?;
    faults.truncate(usize::try_from(N_ERRORS_KEPT - batch.counts.n_errors).unwrap_or(0));
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

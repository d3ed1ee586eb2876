use medfund_db::{Call, Tx};
use medfund_tariff::history::CostedCase;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::{App, Error};
use crate::domain::history::{Counts, Fault, FieldFault, History, HistoryError, LineFault};
use crate::store;

/// Errors of one history that are kept; more are only counted.
const MAX_KEPT_ERRORS: i64 = 20_000;

/// Takes in the next lines of a history.
pub(crate) struct TakeChunk {
    /// The call, with the chunk's own digest and an id made of it.
    pub(crate) call: Call,
    pub(crate) history: Uuid,
    /// The line in the file of the first of `lines`, from 1.
    pub(crate) first_line: i64,
    pub(crate) lines: Vec<Line>,
}

/// A line that became a case, with the hash of its id, or what is wrong with it.
pub(crate) type Line = Result<(Uuid, CostedCase), Vec<FieldFault>>;

impl App {
    /// Takes in the next lines of a history; those committed before are passed over.
    pub(crate) async fn take_chunk(&self, command: TakeChunk) -> Result<History, Error> {
        let call = command.call.clone();
        self.writer.run(call, move |tx| Box::pin(take(tx, command))).await
    }
}

async fn take(tx: &mut Tx<'_>, command: TakeChunk) -> Result<History, Error> {
    let TakeChunk { history, first_line, mut lines, .. } = command;
    let (area, instant) = (tx.area(), tx.instant());
    let history = store::histories::lock(tx.conn(), area, history).await?.ok_or(HistoryError::NotFound)?;
    let n_known = history.n_known(first_line, lines.len())?;
    lines.drain(..n_known);

    let mut taken = Taken { content_digest: history.content_digest, ..Taken::default() };
    let hashes: Vec<Uuid> = lines.iter().flatten().map(|(hash, _)| *hash).collect();
    let mut fresh = store::history_case_ids::insert(tx.conn(), area, history.id, &hashes).await?;
    for (line_number, line) in (history.next_line()..).zip(lines) {
        let line = line.and_then(|(hash, case)| if fresh.remove(&hash) { Ok(case) } else { Err(repeated()) });
        taken.add(line_number, line);
    }
    let room = usize::try_from(MAX_KEPT_ERRORS - history.counts.n_errors).unwrap_or(0);
    taken.faults.truncate(room);
    store::history_cases::insert(tx.conn(), area, history.id, &taken.cases).await?;
    store::history_errors::insert(tx.conn(), area, history.id, &taken.faults).await?;
    let history = history.advance(taken.counts, taken.content_digest, instant);
    store::histories::update(tx.conn(), &history).await?;
    Ok(history)
}

fn repeated() -> Vec<FieldFault> {
    vec![FieldFault { field: "id".to_owned(), fault: Fault::RepeatedId }]
}

/// What the lines of a chunk became.
#[derive(Default)]
struct Taken {
    cases: Vec<(i64, CostedCase)>,
    faults: Vec<LineFault>,
    counts: Counts,
    content_digest: [u8; 32],
}

impl Taken {
    fn add(&mut self, line_number: i64, line: Result<CostedCase, Vec<FieldFault>>) {
        match line {
            Ok(case) => {
                self.content_digest = digest_after(self.content_digest, &case);
                self.counts.n_accepted += 1;
                self.counts.total_cost += case.cost.get();
                self.cases.push((line_number, case));
            }
            Err(faults) => {
                self.counts.n_refused += 1;
                self.counts.n_errors += as_count(faults.len());
                self.faults.extend(faults.into_iter().map(|at| LineFault { line_number, at }));
            }
        }
    }
}

/// The digest of all lines so far, however they were cut into chunks.
fn digest_after(before: [u8; 32], case: &CostedCase) -> [u8; 32] {
    let CostedCase { institution, fund_line, group, cost, fund_paid, n_days, has_died } = case;
    let (cost, fund_paid) = (cost.get().get(), fund_paid.get());
    let fund_line = fund_line.as_ref().map(|line| format!(",{line}")).unwrap_or_default();
    let line = format!("{institution},{group},{cost},{fund_paid},{n_days},{has_died}{fund_line}\n");
    Sha256::new_with_prefix(before).chain_update(line).finalize().into()
}

fn as_count(n: usize) -> i64 {
    i64::try_from(n).expect("a chunk is bounded")
}

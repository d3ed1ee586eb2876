use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use medfund_grouper::batch::LineError;

use super::input::{CaseList, Chunk};
use super::refused::Refused;

/// What one thread does with the lines of a case list.
pub(super) trait Work {
    /// What comes of some lines.
    type Made: Send;

    /// Works on a line; one that is refused adds nothing to what is made.
    fn line(&mut self, number: u64, line: &str) -> Result<(), LineError>;

    /// Hands over what was made since the last time.
    fn made(&mut self) -> Self::Made;
}

/// Works on a list by every core, and takes what comes of it in the order of the list: the result is the
/// same however many threads there are. `take` says whether to go on.
///
/// A line that cannot be read or is refused is told on standard error, and the rest goes on.
///
/// - Returns the lines that were refused.
pub(super) fn work_on<W: Work>(
    list: &mut CaseList,
    new_worker: impl Fn() -> W + Sync,
    mut take: impl FnMut(W::Made) -> anyhow::Result<bool>,
) -> anyhow::Result<Refused> {
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (mut refused, progress) = (Refused::of(list.name.clone()), list.progress());
    let new_worker = &new_worker;
    std::thread::scope(|scope| {
        let (to_workers, from_workers): (Vec<_>, Vec<_>) = (0..n_threads)
            .map(|_| {
                let (chunks, of_worker) = sync_channel(1);
                let (made, of_all) = sync_channel(1);
                scope.spawn(move || run(new_worker(), of_worker, made));
                (chunks, of_all)
            })
            .unzip();
        let reader = scope.spawn(|| read(list, to_workers));
        'all: for from in from_workers.iter().cycle() {
            let Ok((bad, made)) = from.recv() else { break 'all };
            for (line, reason) in bad {
                if let Some(told) = refused.add(line, &reason) {
                    progress.suspend(|| eprintln!("{told}"));
                }
            }
            if !take(made)? {
                break 'all;
            }
        }
        drop(from_workers);
        progress.finish_and_clear();
        reader.join().expect("reading does not panic")
    })?;
    if let Some(others) = refused.others() {
        eprintln!("{others}");
    }
    Ok(refused)
}

/// Hands the list's chunks to the workers in turn, until all is read or no one takes them.
fn read(list: &mut CaseList, to_workers: Vec<SyncSender<Chunk>>) -> anyhow::Result<()> {
    for to in to_workers.iter().cycle() {
        let Some(chunk) = list.next_chunk()? else { break };
        if to.send(chunk).is_err() {
            break;
        }
    }
    Ok(())
}

type Done<M> = (Vec<(u64, String)>, M);

fn run<W: Work>(mut worker: W, chunks: Receiver<Chunk>, done: SyncSender<Done<W::Made>>) {
    for chunk in chunks {
        let bad = chunk.each(|number, line| worker.line(number, line));
        if done.send((bad, worker.made())).is_err() {
            break;
        }
    }
}

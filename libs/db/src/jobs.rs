//! What runs beside the requests: the sequencer, the audit sealer and the balance roll-up.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{Database, DbError, audit, ledger, sequencer};

/// How often a job looks for what other processes committed.
const LOOK: Duration = Duration::from_millis(250);
/// How long a job leaves the database alone after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// The running jobs of one service. Dropping them stops them.
#[derive(Debug)]
pub struct Jobs {
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Jobs {
    /// Stops the jobs and waits for them.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Starts the jobs. More than one process of a service may run them: the row of a head is their lock.
#[must_use = "dropping the jobs stops them"]
pub fn spawn(database: &Database) -> Jobs {
    let stop = CancellationToken::new();
    let mut tasks = JoinSet::new();
    for job in Job::ALL {
        tasks.spawn(repeat(database.clone(), job, stop.clone()));
    }
    Jobs { stop, tasks }
}

/// Runs every job until none has anything left to do, e.g. before a shutdown or in a test.
///
/// # Errors
///
/// The first error of a job.
pub async fn drain(database: &Database) -> Result<(), DbError> {
    for job in Job::ALL {
        while job.step(database).await? > 0 {}
    }
    Ok(())
}

#[derive(Clone, Copy, Debug)]
enum Job {
    Sequencer,
    Sealer,
    RollUp,
}

impl Job {
    const ALL: [Self; 3] = [Self::Sequencer, Self::Sealer, Self::RollUp];

    /// Does one batch; returns how much it was.
    async fn step(self, database: &Database) -> Result<usize, DbError> {
        match self {
            Self::Sequencer => sequencer::number(database).await,
            Self::Sealer => audit::seal(database).await,
            Self::RollUp => ledger::roll_up(database).await,
        }
    }

    /// How long the job lets work gather: readers wait for the feed, nobody waits for the rest.
    fn patience(self) -> Duration {
        match self {
            Self::Sequencer => Duration::ZERO,
            Self::Sealer | Self::RollUp => LOOK,
        }
    }
}

async fn repeat(database: Database, job: Job, stop: CancellationToken) {
    let mut committed = database.committed();
    loop {
        committed.mark_unchanged();
        // A panic must not end the job for good: nothing would tell, and the feed would stand still.
        let step = AssertUnwindSafe(job.step(&database)).catch_unwind().await;
        let pause = match step.unwrap_or_else(|_| Err(DbError::internal("a job panicked"))) {
            Ok(0) => LOOK,
            Ok(_) => Duration::ZERO,
            Err(error) => {
                tracing::warn!(?job, %error, "a job failed and will be tried again");
                PAUSE
            }
        };
        if stop.is_cancelled() {
            return;
        }
        if !pause.is_zero() {
            let wake = async {
                // A wake-up counts only after what went wrong has had time to pass.
                tokio::time::sleep(if pause == PAUSE { PAUSE } else { job.patience() }).await;
                let _ = tokio::time::timeout(pause, committed.changed()).await;
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = wake => {}
            }
        }
    }
}

//! What runs beside the calls.

use std::time::Duration;

use medfund_server::{CancellationToken, Clock};

use crate::app::{App, Error};

/// How long to wait for work before looking for that of another process, which the service may have left.
const LOOK: Duration = Duration::from_secs(1);

/// How long to wait before looking again after a failure.
const PAUSE: Duration = Duration::from_secs(2);

/// Groups the files of batches, goes on with those that were begun when the service stopped, and deletes what is over.
pub(crate) async fn work_on_batches(app: App, clock: Clock, stop: CancellationToken) {
    loop {
        let pause = tokio::select! {
            () = stop.cancelled() => return,
            pause = work(&app, &clock) => pause,
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
            () = app.batch_work.notified(), if pause == LOOK => {}
        }
    }
}

/// Does a bit of all that is to be done, one job whatever becomes of the other; returns how long to wait then.
async fn work(app: &App, clock: &Clock) -> Duration {
    let done = [app.expire_batches(clock.now()).await, app.group_slices(clock.now()).await];
    let pause = |done: Result<usize, Error>| match done {
        Ok(0) => LOOK,
        Ok(_) => Duration::ZERO,
        Err(error) => {
            tracing::warn!(%error, "batches could not be worked on and will be tried again");
            PAUSE
        }
    };
    done.map(pause).into_iter().min().unwrap_or(LOOK)
}

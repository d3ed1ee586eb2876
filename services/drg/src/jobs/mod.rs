//! What runs beside the calls.

use std::time::Duration;

use medfund_server::{CancellationToken, Clock};

use crate::app::App;

/// How long to wait for work before looking for that of another process, which the service may have left.
const LOOK: Duration = Duration::from_secs(1);

/// How long to wait before looking again after a failure.
const PAUSE: Duration = Duration::from_secs(2);

/// Groups the files of batches, and goes on with those that were begun when the service stopped.
pub(crate) async fn group_batches(app: App, clock: Clock, stop: CancellationToken) {
    loop {
        let worked = tokio::select! {
            () = stop.cancelled() => return,
            worked = work(&app, &clock) => worked,
        };
        let pause = match worked {
            Ok(0) => LOOK,
            Ok(_) => Duration::ZERO,
            Err(error) => {
                tracing::warn!(%error, "batches could not be worked on and will be tried again");
                PAUSE
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
            () = app.batch_work.notified(), if pause == LOOK => {}
        }
    }
}

/// Does a bit of all that is to be done; returns how much that was.
async fn work(app: &App, clock: &Clock) -> Result<usize, crate::app::Error> {
    Ok(app.expire_batches(clock.now()).await? + app.group_slices(clock.now()).await?)
}

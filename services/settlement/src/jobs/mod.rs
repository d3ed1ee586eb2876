//! What runs beside the calls.

use std::time::Duration;

use medfund_server::CancellationToken;

use crate::app::Settlement;

/// How long to wait before looking again after a failure.
const PAUSE: Duration = Duration::from_secs(2);

/// Goes on with the months that were started and not finished when the service stopped.
pub(crate) async fn resume_months(app: Settlement, stop: CancellationToken) {
    loop {
        let resumed = tokio::select! {
            () = stop.cancelled() => return,
            resumed = app.resume_months() => resumed,
        };
        match resumed {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the months that run could not be read"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

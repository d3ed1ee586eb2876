use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Cancels `stop` when the process is asked to end: by SIGTERM, or by Ctrl-C.
pub async fn stop_on_signal(stop: CancellationToken) {
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
                () = stop.cancelled() => {}
            }
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be heard, only Ctrl-C");
            let _ = tokio::signal::ctrl_c().await;
        }
    }
    stop.cancel();
}

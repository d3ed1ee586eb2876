//! Work that computes, beside the threads that answer calls.

use std::panic::resume_unwind;

use tokio::task::spawn_blocking;

/// Does work that computes for longer than a moment, on a thread where it holds up no other call.
///
/// # Panics
///
/// If the work does.
pub(crate) async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    spawn_blocking(work).await.unwrap_or_else(|error| resume_unwind(error.into_panic()))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn the_thread_that_waits_for_it_goes_on_meanwhile() {
        let (sender, receiver) = channel();
        let work = beside(move || receiver.recv_timeout(Duration::from_secs(20)));
        let (heard, ()) = tokio::join!(work, async move { sender.send("told meanwhile").unwrap() });
        assert_eq!(heard, Ok("told meanwhile"));
    }

    #[tokio::test]
    #[should_panic(expected = "what it cannot do")]
    async fn what_panics_in_it_panics_where_it_is_waited_for() {
        beside(|| panic!("what it cannot do")).await
    }
}

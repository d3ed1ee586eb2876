//! Where the cases of a message are worked on.

use medfund_proto::drg::v1 as pb;

use crate::app::beside::beside;

/// Cases and codes together that are worked on at once: those of a hundred usual cases, a tenth of a millisecond.
///
/// So long a thread may let other calls wait. For less, handing the work over would cost a good part of the work.
const MOST_AT_ONCE: usize = 600;

/// Works on cases: on a few at once, on many beside the threads that answer calls.
///
/// - `size`: theirs, as [`size_of`] tells it.
pub(super) async fn on_cases<T: Send + 'static>(size: usize, work: impl FnOnce() -> T + Send + 'static) -> T {
    if size <= MOST_AT_ONCE { work() } else { beside(work).await }
}

/// How much work cases are.
pub(super) fn size_of(cases: &[pb::Case]) -> usize {
    cases.iter().map(|case| 1 + case.diagnoses.len() + case.procedures.len()).sum()
}

#[cfg(test)]
mod tests {
    use std::thread::{ThreadId, current};

    use super::*;

    async fn where_done(n_cases: usize) -> ThreadId {
        let codes = |n| vec!["I21.000".to_owned(); n];
        let case = pb::Case { diagnoses: codes(4), procedures: codes(1), ..pb::Case::default() };
        on_cases(size_of(&vec![case; n_cases]), || current().id()).await
    }

    #[tokio::test]
    async fn a_hundred_usual_cases_are_worked_on_at_once_and_more_elsewhere() {
        assert_eq!(where_done(100).await, current().id());
        assert_ne!(where_done(101).await, current().id());
    }
}

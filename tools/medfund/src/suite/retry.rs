//! When a call is made again.

use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::StatusExt;

/// How long a call is tried before its failure is told.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// How long to wait before a call's next try: short at first, never more than half a second.
pub(super) fn pause(n_tries: u32) -> Duration {
    Duration::from_millis(20 << n_tries.min(5)).min(Duration::from_millis(500))
}

/// Whether the same call, with the same request id, may succeed if it is made again.
///
/// A service's own refusal carries a reason and stands, unless it says that it is only busy. What carries none
/// comes from a connection that broke, so whether the call took effect is unknown and the request id makes
/// asking again safe.
pub(super) fn may_pass(status: &Status) -> bool {
    let reason = status.get_details_error_info().map(|info| info.reason);
    match reason.as_deref() {
        Some("ETAG_MISMATCH") => false,
        Some(_) => matches!(
            status.code(),
            Code::Unavailable | Code::Aborted | Code::ResourceExhausted | Code::DeadlineExceeded
        ),
        None => !matches!(
            status.code(),
            Code::InvalidArgument
                | Code::PermissionDenied
                | Code::Unauthenticated
                | Code::Unimplemented
                | Code::NotFound
        ),
    }
}

/// What a status says to a person: its code, reason, message, and each bad field.
pub(super) fn told(status: &Status) -> String {
    let details = status.get_error_details();
    if details.error_info().is_none() && may_pass(status) {
        return format!("the service does not answer ({}): is its suite up?", status.message());
    }
    let reason = details.error_info().map(|info| format!(" {}", info.reason)).unwrap_or_default();
    let mut text = format!("{:?}{reason}: {}", status.code(), status.message());
    if let Some(info) = details.error_info() {
        let mut numbers: Vec<String> =
            info.metadata.iter().map(|(key, value)| format!("{key}={value}")).collect();
        numbers.sort();
        if !numbers.is_empty() {
            text.push_str(&format!(" ({})", numbers.join(", ")));
        }
    }
    for violation in details.bad_request().into_iter().flat_map(|bad| &bad.field_violations) {
        text.push_str(&format!("\n  {}: {}", violation.field, violation.description));
    }
    text
}

#[cfg(test)]
mod tests {
    use tonic_types::{ErrorDetails, StatusExt};

    use super::*;

    fn refusal(code: Code, reason: &str) -> Status {
        let details =
            ErrorDetails::with_error_info(reason, "budget.medfund", [("n".to_owned(), "1".to_owned())]);
        Status::with_error_details(code, "no", details)
    }

    #[test]
    fn a_refusal_stands_and_a_broken_connection_or_a_busy_service_is_asked_again() {
        assert!(!may_pass(&refusal(Code::FailedPrecondition, "WRONG_STATE")));
        assert!(!may_pass(&refusal(Code::Aborted, "ETAG_MISMATCH")));
        assert!(may_pass(&refusal(Code::Aborted, "CONFLICT")));
        assert!(may_pass(&refusal(Code::Unavailable, "DATABASE_UNAVAILABLE")));
        assert!(may_pass(&Status::unknown("transport error")));
        assert!(!may_pass(&Status::unauthenticated("no")));
    }

    #[test]
    fn a_refusal_is_told_with_its_reason_and_numbers() {
        assert_eq!(
            told(&refusal(Code::FailedPrecondition, "WRONG_STATE")),
            "FailedPrecondition WRONG_STATE: no (n=1)"
        );
        assert_eq!(
            told(&Status::unavailable("tcp connect error")),
            "the service does not answer (tcp connect error): is its suite up?"
        );
    }
}

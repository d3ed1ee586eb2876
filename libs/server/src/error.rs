use std::borrow::Cow;
use std::collections::HashMap;
use std::error::Error;
use std::fmt::{self, Display};
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

tokio::task_local! {
    /// The error domain of the service that handles the current RPC.
    static DOMAIN: Cow<'static, str>;
}

/// The domain of errors that arise outside an RPC.
const SUITE: &str = "medfund";

/// The text a caller sees instead of an internal error's own.
const HIDDEN: &str = "the cause is in the server's log";

/// Runs `work` with `domain` as the domain of errors that name none themselves.
pub(crate) async fn with_domain<F: Future>(domain: Cow<'static, str>, work: F) -> F::Output {
    DOMAIN.scope(domain, work).await
}

/// As [`with_domain`], for what is polled and not awaited.
pub(crate) fn with_domain_sync<T>(domain: Cow<'static, str>, work: impl FnOnce() -> T) -> T {
    DOMAIN.sync_scope(domain, work)
}

/// Why a call failed, as a caller's program and a caller's eyes need it.
///
/// The constructors are the situations of the house style; each fixes the gRPC
/// code. `reason` is a contract, `zh` is what a person reads in Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorReason {
    code: Code,
    reason: &'static str,
    zh: Cow<'static, str>,
    metadata: Vec<(&'static str, String)>,
    fields: Vec<(String, String)>,
    retry_after: Option<Duration>,
    hidden: bool,
}

impl ErrorReason {
    fn new(code: Code, reason: &'static str, zh: impl Into<Cow<'static, str>>) -> Self {
        debug_assert!(is_reason(reason), "`{reason}` is not a reason by AIP-193");
        Self {
            code,
            reason,
            zh: zh.into(),
            metadata: Vec::new(),
            fields: Vec::new(),
            retry_after: None,
            hidden: false,
        }
    }

    /// Something in the request is malformed.
    pub fn invalid_argument(reason: &'static str, zh: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::InvalidArgument, reason, zh)
    }

    /// No such resource, or it is not the caller's to know of.
    pub fn not_found(reason: &'static str, zh: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::NotFound, reason, zh)
    }

    /// A natural key is taken.
    pub fn already_exists(reason: &'static str, zh: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::AlreadyExists, reason, zh)
    }

    /// The state forbids it.
    pub fn failed_precondition(reason: &'static str, zh: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::FailedPrecondition, reason, zh)
    }

    /// The caller may not.
    pub fn permission_denied(reason: &'static str, zh: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::PermissionDenied, reason, zh)
    }

    /// Who calls is not known.
    pub fn unauthenticated(reason: &'static str, zh: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::Unauthenticated, reason, zh)
    }

    /// Somebody else changed it first.
    pub fn aborted(reason: &'static str, zh: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::Aborted, reason, zh)
    }

    /// Over a limit; to be tried again after a second unless said otherwise.
    pub fn resource_exhausted(reason: &'static str, zh: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::ResourceExhausted, reason, zh).retry_after(Duration::from_secs(1))
    }

    /// Something this service needs is down; to be tried again after a second unless said otherwise.
    pub fn unavailable(reason: &'static str, zh: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::Unavailable, reason, zh).retry_after(Duration::from_secs(1))
    }

    /// The time the caller gave is over.
    pub fn deadline_exceeded(reason: &'static str, zh: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::DeadlineExceeded, reason, zh)
    }

    /// No server offers this RPC.
    pub fn unimplemented(reason: &'static str, zh: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::Unimplemented, reason, zh)
    }

    /// A defect or a broken part: its text goes to the log, never to the caller.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(Code::Internal, "INTERNAL", "系统内部错误，请联系管理员").hidden()
    }

    /// Adds a number or name of the message to the metadata that programs read.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl Display) -> Self {
        self.metadata.push((key, value.to_string()));
        self
    }

    /// Names a bad field by its proto path.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>, description: impl Into<String>) -> Self {
        self.fields.push((field.into(), description.into()));
        self
    }

    /// Says when to try again.
    #[must_use]
    pub fn retry_after(mut self, delay: Duration) -> Self {
        self.retry_after = Some(delay);
        self
    }

    /// Takes the advice to try again away.
    #[must_use]
    pub fn without_retry(mut self) -> Self {
        self.retry_after = None;
        self
    }

    /// Keeps the error's own text from callers: it goes to the log, once.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// Logs the error if its text is kept from the caller: once, at the boundary.
    pub(crate) fn log(&self, error: &dyn Error) {
        if self.code == Code::Internal {
            tracing::error!(error = %Chain(error), "a call failed on an internal error");
        } else if self.hidden {
            tracing::warn!(error = %Chain(error), "a call found a part of the service missing");
        }
    }

    /// The gRPC code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// The reason, e.g. `RESERVE_INSUFFICIENT`.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        self.reason
    }

    /// The status with all its details, in the domain of the service that handles the current RPC.
    #[must_use]
    pub fn status(&self, message: impl Into<String>) -> Status {
        let domain = DOMAIN.try_with(|domain| domain.to_string()).unwrap_or_else(|_| SUITE.to_owned());
        self.status_in(domain, message)
    }

    /// The status with all its details.
    #[must_use]
    pub fn status_in(&self, domain: impl Into<String>, message: impl Into<String>) -> Status {
        let metadata: HashMap<String, String> =
            self.metadata.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        let mut details = ErrorDetails::with_error_info(self.reason, domain, metadata);
        details.set_localized_message("zh-CN", self.zh.as_ref());
        if !self.fields.is_empty() {
            let fields = self.fields.iter().map(|(field, text)| FieldViolation::new(field, text));
            details.set_bad_request(fields.collect::<Vec<_>>());
        }
        if self.retry_after.is_some() {
            details.set_retry_info(self.retry_after);
        }
        let message = if self.hidden { HIDDEN.to_owned() } else { message.into() };
        Status::with_error_details(self.code, message, details)
    }
}

/// `[A-Z][A-Z0-9_]+[A-Z0-9]`, at most 63 characters (AIP-193).
fn is_reason(text: &str) -> bool {
    let upper = |b: u8| b.is_ascii_uppercase();
    let bytes = text.as_bytes();
    (3..=63).contains(&bytes.len())
        && upper(bytes[0])
        && bytes.iter().all(|&b| upper(b) || b.is_ascii_digit() || b == b'_')
        && bytes[bytes.len() - 1] != b'_'
}

/// An error that callers are told the reason of.
///
/// Implemented by one exhaustive match, so that a new variant does not compile
/// until it has a code.
pub trait Reason: Error + Sized {
    /// The error domain: `<service>.medfund`.
    const DOMAIN: &'static str;

    /// The reason of this error.
    fn reason(&self) -> ErrorReason;

    /// The status callers get; what is internal is logged here, once, and hidden.
    fn to_status(&self) -> Status {
        let reason = self.reason();
        reason.log(self);
        reason.status_in(Self::DOMAIN, self.to_string())
    }
}

/// An error and its causes in one line.
pub(crate) struct Chain<'a>(pub(crate) &'a dyn Error);

impl Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Sample {
        #[error("only {0} is left")]
        Insufficient(i64),
        #[error("secret text of the database")]
        Broken,
    }

    impl Reason for Sample {
        const DOMAIN: &'static str = "budget.medfund";

        fn reason(&self) -> ErrorReason {
            match self {
                Self::Insufficient(left) => {
                    ErrorReason::failed_precondition("RESERVE_INSUFFICIENT", "预留指标余额不足")
                        .with("available_fen", left)
                }
                Self::Broken => ErrorReason::internal(),
            }
        }
    }

    #[test]
    fn a_status_carries_reason_domain_metadata_and_chinese_text() {
        let status = Sample::Insufficient(7).to_status();
        assert_eq!(status.code(), Code::FailedPrecondition);
        assert_eq!(status.message(), "only 7 is left");
        let details = status.get_error_details();
        let info = details.error_info().unwrap();
        assert_eq!((info.reason.as_str(), info.domain.as_str()), ("RESERVE_INSUFFICIENT", "budget.medfund"));
        assert_eq!(info.metadata["available_fen"], "7");
        let localized = details.localized_message().unwrap();
        assert_eq!((localized.locale.as_str(), localized.message.as_str()), ("zh-CN", "预留指标余额不足"));
    }

    #[test]
    fn the_text_of_an_internal_error_is_hidden() {
        let status = Sample::Broken.to_status();
        assert_eq!(status.code(), Code::Internal);
        assert!(!status.message().contains("secret"));
    }

    #[test]
    fn overload_and_outage_say_when_to_try_again() {
        for reason in [
            ErrorReason::resource_exhausted("OVERLOADED", "系统繁忙"),
            ErrorReason::unavailable("POOL_EXHAUSTED", "系统繁忙"),
        ] {
            let status = reason.status("busy");
            assert!(status.get_error_details().retry_info().unwrap().retry_delay.is_some());
        }
    }

    #[test]
    fn reasons_have_the_form_of_aip_193() {
        assert!(is_reason("ETAG_MISMATCH"));
        for bad in ["", "AB", "etag", "ETAG_", "_ETAG", "1ETAG", "ETAG-MISMATCH"] {
            assert!(!is_reason(bad), "{bad}");
        }
    }
}

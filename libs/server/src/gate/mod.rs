//! What every call passes before it reaches a handler.

mod admit;
mod body;

use std::borrow::Cow;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
use tokio::sync::Semaphore;
use tonic::body::Body;
use tonic::{Code, Status};
use tower::{Layer, Service};
use tracing::Instrument;

use crate::access::{AccessTable, Rpc};
use crate::clock::Clock;
use crate::config::Limits;
use crate::error::with_domain;
use crate::metrics::{Observation, RpcMetrics, code_name};
use crate::token::Verifier;
use crate::{ErrorReason, telemetry};

use admit::overloaded;
use body::Watched;

/// What the gate of one server knows.
pub(crate) struct GateParts {
    pub(crate) service: &'static str,
    pub(crate) access: AccessTable,
    pub(crate) verifier: Verifier,
    pub(crate) limits: Limits,
    pub(crate) metrics: RpcMetrics,
    pub(crate) clock: Clock,
}

/// The layer around all of a server's services: limits, caller, deadline, trace and count.
#[derive(Clone)]
pub(crate) struct Gate {
    parts: Arc<GateParts>,
    permits: Arc<Semaphore>,
    /// Bytes of requests that may be in memory at a time.
    room: Arc<Semaphore>,
}

impl Gate {
    pub(crate) fn new(parts: GateParts) -> Self {
        let semaphore = |permits: usize| Arc::new(Semaphore::new(permits.min(Semaphore::MAX_PERMITS)));
        let (permits, room) = (parts.limits.max_concurrent_calls, parts.limits.max_buffered_bytes);
        Self { permits: semaphore(permits), room: semaphore(room), parts: Arc::new(parts) }
    }
}

impl<S> Layer<S> for Gate {
    type Service = Gated<S>;

    fn layer(&self, inner: S) -> Gated<S> {
        Gated { gate: self.clone(), inner }
    }
}

/// A service behind the gate.
#[derive(Clone)]
pub(crate) struct Gated<S> {
    gate: Gate,
    inner: S,
}

impl<S> Service<Request<Body>> for Gated<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        // Counted from here, so that this deadline comes before tonic's own of the same header,
        // which would answer `CANCELLED`.
        let started = Instant::now();
        let gate = self.gate.clone();
        let ready = self.inner.clone();
        let inner = std::mem::replace(&mut self.inner, ready);

        let rpc = gate.parts.access.find(request.uri().path());
        let time = allowed_time(&gate.parts.limits, rpc, asked_time(request.headers()));
        let deadline = started + time;
        let observation = gate.parts.metrics.observe(rpc, started, deadline);
        let span = telemetry::rpc_span(rpc, request.headers());
        let domain: Cow<'static, str> = format!("{}.medfund", gate.parts.service).into();
        let handled = gate.handle(inner, request, deadline, observation, domain.clone());
        Box::pin(with_domain(domain, handled).instrument(span))
    }
}

impl Gate {
    async fn handle<S>(
        self,
        mut inner: S,
        request: Request<Body>,
        deadline: Instant,
        mut observation: Observation,
        domain: Cow<'static, str>,
    ) -> Result<Response<Body>, Infallible>
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Send,
        S::Future: Send,
    {
        let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() else {
            return Ok(refuse(observation, overloaded("too many calls are in work")));
        };
        let work = async {
            let (request, _room) = self.admit(request).await?;
            // A panic must not take the connection down with all the other calls on it.
            let answer = AssertUnwindSafe(async { inner.call(request).await }).catch_unwind().await;
            let answer = answer.map_err(|_| panicked())?;
            Ok::<_, Status>(answer.unwrap_or_else(|never| match never {}))
        };
        let response = match tokio::time::timeout_at(deadline.into(), work).await {
            Ok(Ok(response)) => response,
            Ok(Err(status)) => return Ok(refuse(observation, status)),
            Err(_) => return Ok(refuse(observation, overdue())),
        };
        if let Some(code) = code_in(response.headers()) {
            record(code);
            observation.ended(code);
            return Ok(response);
        }
        Ok(response.map(|body| Body::new(Watched::new(body, deadline, observation, permit, domain))))
    }
}

fn refuse(mut observation: Observation, status: Status) -> Response<Body> {
    record(status.code());
    observation.ended(status.code());
    status.into_http()
}

fn record(code: Code) {
    tracing::Span::current().record("rpc.grpc.status", code_name(code));
}

fn overdue() -> Status {
    ErrorReason::deadline_exceeded("DEADLINE_EXCEEDED", "处理超时，请稍后查询结果")
        .status("the time for this call is over")
}

/// The answer where a handler panicked; the panic itself was told to the standard error.
fn panicked() -> Status {
    tracing::error!("a handler panicked");
    ErrorReason::internal().status("")
}

fn code_in(headers: &http::HeaderMap) -> Option<Code> {
    headers.get("grpc-status").map(|value| Code::from_bytes(value.as_bytes()))
}

fn allowed_time(limits: &Limits, rpc: Option<&Rpc>, asked: Option<Duration>) -> Duration {
    let streams = rpc.is_some_and(|rpc| rpc.client_streams || rpc.server_streams);
    let usual = if streams { limits.max_deadline } else { limits.default_deadline };
    asked.unwrap_or(usual).min(limits.max_deadline)
}

/// The time that a caller gives, from the `grpc-timeout` header.
fn asked_time(headers: &http::HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let n: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(n * 3_600)),
        "M" => Some(Duration::from_secs(n * 60)),
        "S" => Some(Duration::from_secs(n)),
        "m" => Some(Duration::from_millis(n)),
        "u" => Some(Duration::from_micros(n)),
        "n" => Some(Duration::from_nanos(n)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callers_time_is_read_as_grpc_writes_it() {
        let read = |text: &str| {
            let mut headers = http::HeaderMap::new();
            headers.insert("grpc-timeout", text.parse().unwrap());
            asked_time(&headers)
        };
        assert_eq!(read("5S"), Some(Duration::from_secs(5)));
        assert_eq!(read("250m"), Some(Duration::from_millis(250)));
        assert_eq!(read("99999999H"), Some(Duration::from_secs(99_999_999 * 3_600)));
        for bad in ["", "S", "5", "5x", "-5S", "123456789S", "5秒"] {
            let value = http::HeaderValue::from_bytes(bad.as_bytes());
            let headers =
                http::HeaderMap::from_iter([(http::HeaderName::from_static("grpc-timeout"), value.unwrap())]);
            assert_eq!(asked_time(&headers), None, "{bad}");
        }
    }

    #[test]
    fn no_caller_gets_more_than_the_most() {
        let limits = Limits::default();
        assert_eq!(allowed_time(&limits, None, None), limits.default_deadline);
        assert_eq!(allowed_time(&limits, None, Some(Duration::from_secs(1))), Duration::from_secs(1));
        assert_eq!(allowed_time(&limits, None, Some(Duration::from_secs(1 << 40))), limits.max_deadline);
    }
}

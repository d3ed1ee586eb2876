use std::time::Instant;

use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry};
use tonic::Code;

use crate::access::Rpc;

/// Upper bounds of the buckets that calls are timed in, in seconds.
const BUCKETS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];

/// The counters of a server's calls, named as community dashboards expect.
#[derive(Clone)]
pub(crate) struct RpcMetrics {
    handled: IntCounterVec,
    seconds: HistogramVec,
    in_flight: IntGauge,
}

impl RpcMetrics {
    pub(crate) fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        let handled = IntCounterVec::new(
            Opts::new("grpc_server_handled_total", "Calls completed, by their code."),
            &["grpc_type", "grpc_service", "grpc_method", "grpc_code"],
        )?;
        let seconds = HistogramVec::new(
            HistogramOpts::new("grpc_server_handling_seconds", "Time from a call's headers to its end.")
                .buckets(BUCKETS.to_vec()),
            &["grpc_type", "grpc_service", "grpc_method"],
        )?;
        let in_flight = IntGauge::new("medfund_calls_in_flight", "Calls in work now.")?;
        registry.register(Box::new(handled.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        registry.register(Box::new(in_flight.clone()))?;
        Ok(Self { handled, seconds, in_flight })
    }

    /// Begins to observe a call; `None` is one that no service offers.
    pub(crate) fn observe(&self, rpc: Option<&Rpc>, started: Instant, deadline: Instant) -> Observation {
        self.in_flight.inc();
        let labels = rpc.map_or(["unary", "unknown", "unknown"], |rpc| [rpc.kind(), rpc.service, rpc.name]);
        Observation { metrics: self.clone(), labels, started, deadline, code: None }
    }
}

/// One call under observation; it is counted when this is dropped.
pub(crate) struct Observation {
    metrics: RpcMetrics,
    labels: [&'static str; 3],
    started: Instant,
    deadline: Instant,
    code: Option<Code>,
}

impl Observation {
    /// Notes how the call ended.
    pub(crate) fn ended(&mut self, code: Code) {
        self.code = Some(code);
    }
}

impl Drop for Observation {
    fn drop(&mut self) {
        let now = Instant::now();
        // Dropped before its end: the time was over, or the caller hung up.
        let unended = if now >= self.deadline { Code::DeadlineExceeded } else { Code::Cancelled };
        let code = self.code.unwrap_or(unended);
        let [kind, service, method] = self.labels;
        let seconds = now.duration_since(self.started).as_secs_f64();
        self.metrics.in_flight.dec();
        self.metrics.handled.with_label_values(&[kind, service, method, code_name(code)]).inc();
        self.metrics.seconds.with_label_values(&self.labels).observe(seconds);
    }
}

/// A code as community dashboards write it.
pub(crate) fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "Canceled",
        Code::Unknown => "Unknown",
        Code::InvalidArgument => "InvalidArgument",
        Code::DeadlineExceeded => "DeadlineExceeded",
        Code::NotFound => "NotFound",
        Code::AlreadyExists => "AlreadyExists",
        Code::PermissionDenied => "PermissionDenied",
        Code::ResourceExhausted => "ResourceExhausted",
        Code::FailedPrecondition => "FailedPrecondition",
        Code::Aborted => "Aborted",
        Code::OutOfRange => "OutOfRange",
        Code::Unimplemented => "Unimplemented",
        Code::Internal => "Internal",
        Code::Unavailable => "Unavailable",
        Code::DataLoss => "DataLoss",
        Code::Unauthenticated => "Unauthenticated",
    }
}

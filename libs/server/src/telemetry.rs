use http::HeaderMap;
use opentelemetry::propagation::Extractor;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tonic::transport::Uri;
use tracing::{Span, field};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt};

use crate::access::Rpc;

/// Keeps telemetry flowing; what is left is sent when it is dropped.
#[derive(Debug)]
#[must_use = "telemetry stops when this is dropped"]
pub struct Telemetry(Option<SdkTracerProvider>);

impl Telemetry {
    /// Starts logging as JSON lines to standard error, and sends traces to
    /// `otlp_endpoint` if there is one. Once a process, inside a runtime.
    ///
    /// - `filter`: what to log, as `RUST_LOG` writes it; empty means `info`.
    ///
    /// # Errors
    ///
    /// If a logger is set already, or the filter or the endpoint cannot be used.
    pub fn start(
        service: &'static str,
        filter: &str,
        otlp_endpoint: Option<&Uri>,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let filter = EnvFilter::try_new(if filter.is_empty() { "info" } else { filter })?;
        let provider = otlp_endpoint.map(|endpoint| tracer_provider(service, endpoint)).transpose()?;
        let traces = provider
            .as_ref()
            .map(|provider| tracing_opentelemetry::layer().with_tracer(provider.tracer("medfund")));
        if provider.is_some() {
            opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
        }
        let lines = fmt::layer().json().with_writer(std::io::stderr);
        tracing_subscriber::registry().with(filter).with(lines).with(traces).try_init()?;
        Ok(Self(provider))
    }
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(provider) = self.0.take()
            && let Err(error) = provider.shutdown()
        {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

fn tracer_provider(
    service: &'static str,
    endpoint: &Uri,
) -> Result<SdkTracerProvider, opentelemetry_otlp::ExporterBuildError> {
    let exporter = SpanExporter::builder().with_tonic().with_endpoint(endpoint.to_string()).build()?;
    let resource = Resource::builder().with_service_name(service).build();
    Ok(SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build())
}

/// The span of one call, below the caller's if the call carries one.
///
/// It never holds anything of the message.
pub(crate) fn rpc_span(rpc: Option<&Rpc>, headers: &HeaderMap) -> Span {
    let span = tracing::info_span!(
        "rpc",
        otel.name = rpc.map_or("unknown", |rpc| rpc.method),
        otel.kind = "server",
        rpc.system = "grpc",
        rpc.service = rpc.map_or("unknown", |rpc| rpc.service),
        rpc.method = rpc.map_or("unknown", |rpc| rpc.name),
        rpc.grpc.status = field::Empty,
    );
    if headers.contains_key("traceparent") {
        let parent = opentelemetry::global::get_text_map_propagator(|from| from.extract(&Carrier(headers)));
        // Without a tracer there is nothing to attach to.
        let _ = span.set_parent(parent);
    }
    span
}

struct Carrier<'h>(&'h HeaderMap);

impl Extractor for Carrier<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use opentelemetry::trace::{Span as _, Tracer};
    use tokio::io::AsyncReadExt;

    use super::*;

    #[tokio::test]
    async fn traces_go_to_the_collector_that_is_configured() {
        let collector = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", collector.local_addr().unwrap()).parse().unwrap();
        let provider = tracer_provider("budget", &endpoint).unwrap();
        provider.tracer("test").start("a call").end();
        // Left alone: this collector never answers, and that it is called is all that counts here.
        std::thread::spawn(move || provider.force_flush());

        let (mut connection, _) = collector.accept().await.unwrap();
        let mut preface = [0; 14];
        tokio::time::timeout(Duration::from_secs(10), connection.read_exact(&mut preface))
            .await
            .unwrap()
            .unwrap();

        assert_eq!(&preface, b"PRI * HTTP/2.0");
    }
}

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use futures::future::BoxFuture;
use prometheus::{Encoder, Registry, TextEncoder};
use tokio::net::TcpListener;
use tonic::service::Routes;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

/// Tells whether a part the service needs is there.
pub(crate) type Check = Arc<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// What probes and scrapes are answered, without TLS, on a port of their own.
#[derive(Clone)]
pub(crate) struct Health {
    registry: Registry,
    checks: Arc<Vec<Check>>,
    stopping: Arc<AtomicBool>,
    reporter: HealthReporter,
    services: Arc<[&'static str]>,
}

impl Health {
    pub(crate) fn new(registry: Registry, checks: Vec<Check>, services: &[&'static str]) -> Self {
        Self {
            registry,
            checks: Arc::new(checks),
            stopping: Arc::default(),
            reporter: HealthReporter::new(),
            services: services.into(),
        }
    }

    /// Says that the service answers.
    pub(crate) async fn serving(&self) {
        self.tell(ServingStatus::Serving).await;
    }

    /// Says that the service takes no more calls.
    pub(crate) async fn stopping(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.tell(ServingStatus::NotServing).await;
    }

    async fn tell(&self, status: ServingStatus) {
        self.reporter.set_service_status("", status).await;
        for service in self.services.iter() {
            self.reporter.set_service_status(service, status).await;
        }
    }

    /// Answers until it is dropped.
    pub(crate) async fn run(self, listener: TcpListener) -> std::io::Result<()> {
        let grpc = tonic_health::server::HealthService::from_health_reporter(self.reporter.clone());
        let grpc = tonic_health::pb::health_server::HealthServer::new(grpc);
        let routes = Routes::new(grpc).prepare().into_axum_router();
        let routes = Router::new()
            .route("/healthz", get(async || "alive\n"))
            .route("/readyz", get(ready))
            .route("/metrics", get(metrics))
            .with_state(self)
            .merge(routes.reset_fallback());
        axum::serve(listener, routes).await
    }
}

async fn ready(State(health): State<Health>) -> impl IntoResponse {
    if health.stopping.load(Ordering::Relaxed) {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    for check in health.checks.iter() {
        if !check().await {
            return (StatusCode::SERVICE_UNAVAILABLE, "a part this service needs is not there\n");
        }
    }
    (StatusCode::OK, "ready\n")
}

async fn metrics(State(health): State<Health>) -> impl IntoResponse {
    let encoder = TextEncoder::new();
    let mut text = Vec::new();
    match encoder.encode(&health.registry.gather(), &mut text) {
        Ok(()) => ([(header::CONTENT_TYPE, encoder.format_type().to_owned())], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

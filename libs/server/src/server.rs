use std::convert::Infallible;
use std::time::Duration;

use axum::response::IntoResponse;
use futures::future::BoxFuture;
use medfund_db::jobs::{self, Jobs};
use medfund_db::{Consumer, Database, EventHandler, EventSource};
use prometheus::Registry;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::service::RoutesBuilder;
use tonic::transport::ServerTlsConfig;
use tonic::transport::server::TcpIncoming;

use crate::access::AccessTable;
use crate::clock::Clock;
use crate::config::Config;
use crate::connections;
use crate::feed::Feed;
use crate::gate::{Gate, GateParts};
use crate::health::{Check, Health};
use crate::metrics::RpcMetrics;
use crate::token::Verifier;

const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
const KEEPALIVE: Duration = Duration::from_secs(30);
const MAX_FRAME_BYTES: u32 = 64 << 10;
const WINDOW_BYTES: u32 = 1 << 20;
const MAX_RESET_STREAMS: usize = 20;
const MAX_LOCAL_RESET_STREAMS: usize = 256;

/// Why a server does not start, or stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// RPCs that do not say whom they are for.
    #[error("the server does not start: {}", .0.join("; "))]
    Access(Vec<String>),
    /// An address cannot be listened on.
    #[error("{address} cannot be listened on: {source}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// Certificates cannot be used, or the connection handling failed.
    #[error("the server's transport failed")]
    Transport(#[from] tonic::transport::Error),
    /// Work beside the calls panicked, and the service would only seem to work without it.
    #[error("work beside the calls panicked")]
    Background,
    /// A metric's name is taken.
    #[error("a metric cannot be registered")]
    Metrics(#[from] prometheus::Error),
    /// The descriptors cannot be served by reflection.
    #[error("the descriptors cannot be served")]
    Reflection(#[from] tonic_reflection::server::Error),
}

/// A service's server: all of its RPCs behind one gate.
#[must_use = "a server does nothing until it is run"]
pub struct Server {
    config: Config,
    descriptors: &'static [u8],
    clock: Clock,
    registry: Registry,
    routes: RoutesBuilder,
    services: Vec<&'static str>,
    checks: Vec<Check>,
    background: Vec<Background>,
    database: Option<Database>,
    draining: CancellationToken,
}

type Background = Box<dyn FnOnce(CancellationToken) -> BoxFuture<'static, ()> + Send>;

impl Server {
    /// Begins a server by its configuration.
    pub fn builder(config: Config) -> Self {
        Self {
            config,
            descriptors: medfund_proto::DESCRIPTORS,
            clock: Clock::default(),
            registry: Registry::new(),
            routes: RoutesBuilder::default(),
            services: Vec::new(),
            checks: Vec::new(),
            background: Vec::new(),
            database: None,
            draining: CancellationToken::new(),
        }
    }

    /// Adds a gRPC service.
    ///
    /// Give it its message limits first: [`limited!`](crate::limited).
    pub fn add_service<S>(mut self, service: S) -> Self
    where
        S: tower::Service<http::Request<Body>, Error = Infallible>
            + NamedService
            + Clone
            + Send
            + Sync
            + 'static,
        S::Response: IntoResponse,
        S::Future: Send + 'static,
    {
        self.services.push(S::NAME);
        self.routes.add_service(service);
        self
    }

    /// Serves the feed of the service's database, runs the database's jobs
    /// beside the calls, and is ready only while the database answers.
    pub fn database(mut self, database: &Database) -> Self {
        let feed = Feed::service(database, &self.config.limits, self.draining.clone());
        self.database = Some(database.clone());
        let probe = database.clone();
        self.add_service(feed).ready_while(move || {
            let probe = probe.clone();
            async move { probe.ping().await.is_ok() }
        })
    }

    /// Lets another service's events take effect here, beside the calls.
    pub fn consume<H: EventHandler>(self, consumer: Consumer<H>, feed: impl EventSource) -> Self {
        self.background(move |stop| async move { consumer.run(feed, stop).await })
    }

    /// Does `work` beside the calls; it must end soon after its token is cancelled.
    pub fn background<W, F>(mut self, work: W) -> Self
    where
        W: FnOnce(CancellationToken) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        self.background.push(Box::new(move |stop| Box::pin(work(stop))));
        self
    }

    /// Reads the RPCs' access from other descriptors than the suite's.
    pub fn descriptors(mut self, descriptors: &'static [u8]) -> Self {
        self.descriptors = descriptors;
        self
    }

    /// Takes instants from `clock`.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Where others may register metrics of their own.
    #[must_use]
    pub fn registry(&self) -> Registry {
        self.registry.clone()
    }

    /// Is ready only while `check` says so.
    pub fn ready_while<F>(mut self, check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = bool> + Send + 'static,
    {
        self.checks.push(std::sync::Arc::new(move || Box::pin(check())));
        self
    }

    /// Serves until `stop`, then lets the calls in work end.
    ///
    /// # Errors
    ///
    /// If it cannot start, or its transport fails.
    pub async fn run(mut self, stop: CancellationToken) -> Result<(), ServerError> {
        let access = AccessTable::read(self.descriptors, &self.services).map_err(ServerError::Access)?;
        let limits = self.config.limits.clone();
        let tokens = &self.config.tokens;
        let gate = Gate::new(GateParts {
            service: self.config.service,
            access: access.with_reflection(),
            verifier: Verifier::new(tokens.keys.clone(), tokens.issuer.clone(), tokens.audience.clone()),
            limits: limits.clone(),
            metrics: RpcMetrics::register(&self.registry)?,
            clock: self.clock.clone(),
        });
        self.add_reflection()?;
        let tls = &self.config.tls;
        let tls = ServerTlsConfig::new()
            .identity(tls.identity.clone())
            .client_ca_root(tls.ca.clone())
            .timeout(HANDSHAKE_TIMEOUT);
        let server = tonic::transport::Server::builder()
            .tls_config(tls)?
            .max_concurrent_streams(limits.max_streams_per_connection)
            .concurrency_limit_per_connection(limits.max_streams_per_connection as usize)
            .load_shed(true)
            .http2_max_header_list_size(limits.max_header_bytes)
            .http2_max_pending_accept_reset_streams(Some(MAX_RESET_STREAMS))
            .http2_max_local_error_reset_streams(Some(MAX_LOCAL_RESET_STREAMS))
            .http2_keepalive_interval(Some(KEEPALIVE))
            .http2_keepalive_timeout(Some(KEEPALIVE))
            .initial_stream_window_size(WINDOW_BYTES)
            .initial_connection_window_size(WINDOW_BYTES * 4)
            .max_frame_size(MAX_FRAME_BYTES)
            .max_connection_age(limits.max_connection_age)
            .max_connection_age_grace(limits.max_deadline)
            .layer(gate);

        let (address, health_address) = (self.config.listen.address(), self.config.health_listen.address());
        let cannot_listen = |address| move |source| ServerError::Listen { address, source };
        let listener = self.config.listen.open().map_err(cannot_listen(address))?;
        let health_listener = self.config.health_listen.open().map_err(cannot_listen(health_address))?;
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true)).with_keepalive(Some(KEEPALIVE));
        let incoming = connections::at_most(limits.max_connections, incoming);

        let health = Health::new(self.registry, self.checks, &self.services);
        let health_port = health.clone().run(health_listener);
        let mut beside = Beside::start(self.database, self.background);
        health.serving().await;
        tracing::info!(service = self.config.service, %address, health = %health_address, "the service answers");

        let draining = self.draining.clone();
        let calls = server.serve_with_incoming_shutdown(
            self.routes.routes(),
            incoming,
            draining.clone().cancelled_owned(),
        );
        let beside_stop = beside.stop.clone();
        let conduct = async {
            stop.cancelled().await;
            health.stopping().await;
            beside_stop.cancel();
            draining.cancel();
            tokio::time::sleep(limits.stop_grace).await;
        };
        let answered = async {
            let result = tokio::select! {
                ended = calls => ended.map_err(ServerError::from),
                () = beside.panicked() => Err(ServerError::Background),
                () = conduct => {
                    tracing::warn!("calls were still in work when the time to stop was over");
                    Ok(())
                }
            };
            beside.end(limits.stop_grace).await;
            result
        };
        tokio::select! {
            result = answered => result,
            failed = health_port => failed.map_err(cannot_listen(health_address)),
        }
    }

    fn add_reflection(&mut self) -> Result<(), ServerError> {
        let mut reflection = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(self.descriptors);
        for service in &self.services {
            reflection = reflection.with_service_name(*service);
        }
        self.routes.add_service(reflection.build_v1()?);
        Ok(())
    }
}

/// What runs beside the calls. Dropped before its end, it is cut off.
struct Beside {
    stop: CancellationToken,
    tasks: JoinSet<()>,
    jobs: Option<Jobs>,
}

impl Beside {
    fn start(database: Option<Database>, background: Vec<Background>) -> Self {
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        for work in background {
            tasks.spawn(work(stop.clone()));
        }
        Self { stop, tasks, jobs: database.map(|database| jobs::spawn(&database)) }
    }

    /// Waits until some of the work panics; for ever if none does.
    async fn panicked(&mut self) {
        while let Some(ended) = self.tasks.join_next().await {
            if ended.is_err_and(|error| error.is_panic()) {
                return;
            }
        }
        std::future::pending().await
    }

    /// Waits for the work beside the calls, then lets the jobs end.
    async fn end(mut self, grace: Duration) {
        self.stop.cancel();
        let ended = async {
            while self.tasks.join_next().await.is_some() {}
            if let Some(jobs) = self.jobs.take() {
                jobs.stop().await;
            }
        };
        if tokio::time::timeout(grace, ended).await.is_err() {
            tracing::warn!("work beside the calls was cut off when the time to stop was over");
        }
    }
}

/// Gives a generated server the message limits of a configuration.
///
/// ```text
/// Server::builder(config).add_service(limited!(BudgetServiceServer::new(grpc), limits))
/// ```
#[macro_export]
macro_rules! limited {
    ($service:expr, $limits:expr) => {
        $service
            .max_decoding_message_size($limits.max_message_bytes)
            .max_encoding_message_size($limits.max_message_bytes)
    };
}

//! What every service's own program does: `serve`, `migrate`, `check-config`.

use std::error::Error;
use std::process::ExitCode;

use medfund_db::DbError;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::server::ServerError;
use crate::signal::stop_on_signal;
use crate::telemetry::Telemetry;

/// Why a service does not start, or stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A file that the configuration names cannot be read.
    #[error("the configuration names a file that cannot be read")]
    Config(#[from] std::io::Error),
    /// The database cannot be used.
    #[error("the database cannot be used")]
    Database(#[from] DbError),
    /// The certificates cannot be used to call other services.
    #[error("the certificates cannot be used to call other services")]
    Client(#[from] tonic::transport::Error),
    /// The server does not start or failed.
    #[error("the server failed")]
    Server(#[from] ServerError),
    /// Logging and traces cannot be set up.
    #[error("telemetry cannot be set up")]
    Telemetry(#[source] Box<dyn Error + Send + Sync>),
}

/// Reads a setting from the process's environment.
type Env = fn(&str) -> Option<String>;

type Failure = Box<dyn Error + Send + Sync>;

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Runs a service's program by its first argument: `serve` (also when there is none), `migrate` or
/// `check-config`. What fails is printed with its causes.
///
/// - `load`: reads the settings.
/// - `migrate`: brings the database up to date, as the role that `MEDFUND_OWNER_DATABASE_URL` names.
/// - `serve`: serves until its token is cancelled.
pub async fn program(
    service: &'static str,
    load: impl FnOnce(Env) -> Result<Config, Vec<String>>,
    migrate: impl AsyncFnOnce(&str) -> Result<(), DbError>,
    serve: impl AsyncFnOnce(Config, CancellationToken) -> Result<(), ServeError>,
) -> ExitCode {
    let load = || load(env).map_err(|problems| Failure::from(problems.join("\n")));
    let done = match std::env::args().nth(1).as_deref() {
        Some("migrate") => match env("MEDFUND_OWNER_DATABASE_URL") {
            Some(url) => migrate(&url).await.map_err(Failure::from),
            None => Err("MEDFUND_OWNER_DATABASE_URL must be set".into()),
        },
        Some("check-config") => load().map(drop),
        Some("serve") | None => match load() {
            Ok(config) => run_until_signal(config, serve).await.map_err(Failure::from),
            Err(failure) => Err(failure),
        },
        Some(other) => Err(format!("`{other}` is none of serve, migrate, check-config").into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{service}: {}", with_causes(&*failure));
            ExitCode::FAILURE
        }
    }
}

/// Serves in this process, with telemetry, until it is told to stop.
///
/// # Errors
///
/// [`ServeError`] if the service cannot start or its transport fails.
pub async fn run_until_signal(
    config: Config,
    serve: impl AsyncFnOnce(Config, CancellationToken) -> Result<(), ServeError>,
) -> Result<(), ServeError> {
    let filter = env("RUST_LOG").unwrap_or_default();
    let _telemetry = Telemetry::start(config.service, &filter, config.otlp_endpoint.as_ref())
        .map_err(ServeError::Telemetry)?;
    let stop = CancellationToken::new();
    tokio::spawn(stop_on_signal(stop.clone()));
    serve(config, stop).await
}

fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

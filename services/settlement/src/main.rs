//! The settlement service as a program of its own: `serve`, `migrate`, `check-config`.

use std::process::ExitCode;

use anyhow::{Context, bail};
use medfund_server::{CancellationToken, Telemetry};

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("settlement: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    let load = || medfund_settlement::load(env).map_err(|problems| anyhow::anyhow!(problems.join("\n")));
    match std::env::args().nth(1).as_deref() {
        Some("migrate") => {
            let url = env("MEDFUND_OWNER_DATABASE_URL").context("MEDFUND_OWNER_DATABASE_URL must be set")?;
            Ok(medfund_settlement::migrate(&url).await?)
        }
        Some("check-config") => load().map(drop),
        Some("serve") | None => {
            let config = load()?;
            let filter = env("RUST_LOG").unwrap_or_default();
            let _telemetry = Telemetry::start(config.service, &filter, config.otlp_endpoint.as_ref())
                .map_err(|error| anyhow::anyhow!("telemetry: {error}"))?;
            let stop = CancellationToken::new();
            tokio::spawn(medfund_server::stop_on_signal(stop.clone()));
            Ok(medfund_settlement::serve(config, stop).await?)
        }
        Some(other) => bail!("`{other}` is none of serve, migrate, check-config"),
    }
}

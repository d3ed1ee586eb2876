//! `medfund serve` and `medfund migrate`: one service in this process.

use std::io::Read;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use medfund_server::{Config, run_until_signal};

use crate::suite::Service;

/// What `medfund serve` is given.
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// The service.
    service: Service,
    /// Stop when the standard input ends, as it does when the process that started this one is gone.
    #[arg(long)]
    with_parent: bool,
}

/// What `medfund migrate` is given.
#[derive(Debug, clap::Args)]
pub struct MigrateArgs {
    /// The service.
    service: Service,
}

/// Runs one service until it is told to stop. Its settings come from the environment.
///
/// # Errors
///
/// Every problem with the settings at once, or why the service failed.
pub async fn serve(args: ServeArgs) -> anyhow::Result<ExitCode> {
    let config = load(args.service)?;
    #[cfg(feature = "failpoints")]
    let _armed = medfund_db::arm_failpoints();
    if args.with_parent {
        end_with_parent();
    }
    match args.service {
        Service::Budget => run_until_signal(config, medfund_budget::serve).await?,
        Service::Agreement => run_until_signal(config, medfund_agreement::serve).await?,
        Service::Drg => run_until_signal(config, medfund_drg::serve).await?,
        Service::Settlement => run_until_signal(config, medfund_settlement::serve).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Brings one service's database up to date, as the role that owns it.
///
/// # Errors
///
/// If `MEDFUND_OWNER_DATABASE_URL` is not set, or a migration fails.
pub async fn run_migrate(args: MigrateArgs) -> anyhow::Result<ExitCode> {
    let url =
        std::env::var("MEDFUND_OWNER_DATABASE_URL").context("MEDFUND_OWNER_DATABASE_URL must be set")?;
    migrate(args.service, &url).await?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn migrate(service: Service, owner_url: &str) -> anyhow::Result<()> {
    match service {
        Service::Budget => medfund_budget::migrate(owner_url).await?,
        Service::Agreement => medfund_agreement::migrate(owner_url).await?,
        Service::Drg => medfund_drg::migrate(owner_url).await?,
        Service::Settlement => medfund_settlement::migrate(owner_url).await?,
    }
    Ok(())
}

fn load(service: Service) -> anyhow::Result<Config> {
    let get = |name: &str| std::env::var(name).ok();
    let loaded = match service {
        Service::Budget => medfund_budget::load(get),
        Service::Agreement => medfund_agreement::load(get),
        Service::Drg => medfund_drg::load(get),
        Service::Settlement => medfund_settlement::load(get),
    };
    loaded.map_err(|problems| anyhow!("{} is not configured:\n  {}", service.name(), problems.join("\n  ")))
}

/// Ends this process at once when its standard input does: a database transaction in work is rolled back.
fn end_with_parent() {
    std::thread::spawn(|| {
        let mut rest = [0; 64];
        while std::io::stdin().read(&mut rest).is_ok_and(|n| n > 0) {}
        std::process::exit(0);
    });
}

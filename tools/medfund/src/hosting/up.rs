//! `medfund up`: a suite until Ctrl-C.

use std::path::PathBuf;
use std::process::ExitCode;

use comfy_table::Table;
use comfy_table::presets::UTF8_FULL_CONDENSED;

use super::Hosting;
use crate::suite::Service;

/// What `medfund up` is given.
#[derive(Debug, clap::Args)]
pub struct UpArgs {
    /// Keep data, certificates and logs in this folder. Without it everything is gone at the end.
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Start a service again when it ends by itself.
    #[arg(long)]
    restart: bool,
}

/// Starts a suite, tells where it is, and stops it at Ctrl-C.
///
/// The databases are on the server that `DATABASE_URL` names, by a role that may make roles and databases,
/// or on a private PostgreSQL.
///
/// # Errors
///
/// If something does not start.
pub async fn run(args: UpArgs) -> anyhow::Result<ExitCode> {
    let database_url = std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
    // The database server runs as another user, in another folder.
    let data = args.data.map(std::path::absolute).transpose()?;
    let hosted =
        Hosting { folder: data, database_url, restart: args.restart, ..Hosting::default() }.start().await?;
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_header(["service", "address", "process"]);
    for service in Service::ALL {
        let process = hosted.process_of(service).await.map(|id| id.to_string()).unwrap_or_default();
        table.add_row([service.name().to_owned(), hosted.file().endpoints[service.name()].clone(), process]);
    }
    if let Some(process) = hosted.database_process() {
        table.add_row(["postgres".to_owned(), "private, on a unix socket".to_owned(), process.to_string()]);
    }
    println!("{table}");
    println!("suite file:  {}", hosted.folder().join("suite.json").display());
    println!("authority:   {}", hosted.file().authority.display());
    println!("logs:        {}", hosted.folder().join("logs").display());
    println!("tokens:      medfund token --against SUITE_FILE --role ROLE --area AREA");
    println!("DRG scheme:  medfund drg adopt --against SUITE_FILE --area AREA");
    println!("Ctrl-C stops it.");
    wait_for_end().await?;
    eprintln!("stopping …");
    hosted.stop().await?;
    Ok(ExitCode::SUCCESS)
}

async fn wait_for_end() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminated.recv() => {}
    }
    Ok(())
}

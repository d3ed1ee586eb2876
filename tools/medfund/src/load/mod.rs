//! `medfund load`: how much a suite of this machine takes.

mod bills;
mod count;
mod files;
mod machine;
mod report;

use std::process::ExitCode;

/// What `medfund load` is given.
#[derive(Debug, clap::Args)]
pub struct LoadArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// A month of bills: uploaded, settled and stated, then counted in the database.
    Bills(bills::BillsArgs),
}

/// Starts a suite, loads it, and tells how long that took.
///
/// The exit code is 1 when what the services hold afterwards is not what was sent.
///
/// # Errors
///
/// If the suite does not start, or a service refuses a step.
pub async fn run(args: LoadArgs) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Bills(args) => Box::pin(bills::run(args)).await,
    }
}

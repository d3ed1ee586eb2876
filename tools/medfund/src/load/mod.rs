//! `medfund load`: how much a suite of this machine takes.

mod bills;
mod books;
mod count;
mod files;
mod machine;
mod month;
mod plain;
mod report;
mod run;
mod stages;

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
    /// A month of inpatient cases: loaded, checked, grouped, priced, settled, posted and stated, then counted in the
    /// database and written once more by plain SQL.
    Month(month::MonthArgs),
}

/// Starts a suite, loads it, and tells how long that took.
///
/// The exit code is 1 when what the services hold afterwards is not what was sent.
///
/// # Errors
///
/// If the suite does not start, or a service refuses a step.
pub async fn run(args: LoadArgs) -> anyhow::Result<ExitCode> {
    let load = match args.what {
        What::Bills(args) => args.into(),
        What::Month(args) => args.into(),
    };
    Box::pin(run::run(load)).await
}

//! The command-line tool, as a library.
//!
//! One module a subcommand, each with its arguments (what clap parses) and `run(args) -> anyhow::Result<ExitCode>`,
//! async where it talks to services. Another is mounted by a variant of [`cli::Command`] and an arm of
//! `dispatch`.

pub mod cli;
pub mod drg;
pub mod exchange;
pub mod explain;
mod files;
pub mod hosting;
pub mod ledger;
pub mod load;
pub mod packs;
pub mod policy;
mod print;
pub mod sample;
pub mod schemes;
pub mod suite;
pub mod tables;
pub mod token;
pub mod what_if;
pub mod year;

use std::process::ExitCode;

pub use cli::Cli;
use cli::Command;

/// Runs one command to its end and tells the process's exit code.
///
/// A failure is printed with its causes and gives code 1; a command that looks for differences gives 2 when
/// it found one.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("medfund: no threads can be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(dispatch(cli.command)).unwrap_or_else(|failure| {
        eprintln!("medfund: {failure:#}");
        ExitCode::FAILURE
    })
}

async fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Drg(args) => drg::run(&args).await,
        Command::Policy(args) => policy::run(&args),
        Command::Up(args) => hosting::up::run(args).await,
        Command::Token(args) => token::run(args),
        Command::Serve(args) => hosting::serve::serve(args).await,
        Command::Migrate(args) => hosting::serve::run_migrate(args).await,
        Command::Import(args) => exchange::import(args).await,
        Command::Export(args) => exchange::export(args).await,
        Command::Explain(args) => explain::run(args).await,
        Command::Sample(args) => sample::run(&args),
        Command::Ledger(args) => ledger::run(args).await,
        Command::Year(args) => Box::pin(year::run(args)).await,
        Command::WhatIf(args) => Box::pin(what_if::run(args)).await,
        Command::Load(args) => Box::pin(load::run(args)).await,
    }
}

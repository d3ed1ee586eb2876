//! The command-line tool, as a library.
//!
//! One module a subcommand, each with `Args` (what clap parses) and `run(Args) -> anyhow::Result<ExitCode>`;
//! async where it talks to services. Another is mounted by a variant of [`cli::Command`] and an arm of [`run`].

pub mod cli;
pub mod policy;
pub mod sample;

use std::process::ExitCode;

pub use cli::Cli;
use cli::Command;

/// Runs one command to its end and tells the process's exit code.
///
/// A failure is printed with its causes and gives code 1; a command that looks for differences gives 2 when
/// it found one.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    dispatch(cli.command).unwrap_or_else(|failure| {
        eprintln!("medfund: {failure:#}");
        ExitCode::FAILURE
    })
}

fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Policy(args) => policy::run(&args),
    }
}

//! The command-line tool, as a library.
//!
//! One module a subcommand, each with its arguments (what clap parses) and `run(args) -> anyhow::Result<ExitCode>`,
//! async where it talks to services. Another is mounted by a variant of [`cli::Command`] and an arm of
//! `dispatch`.

pub mod cli;
mod day;
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
pub mod tasks;
pub mod token;
pub mod what_if;
pub mod year;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind, set_hook, take_hook};
use std::process::ExitCode;
use std::sync::Once;

pub use cli::Cli;
use cli::Command;

/// Runs one command to its end and tells the process's exit code.
///
/// A failure is printed with its causes and gives code 1; a command that looks for differences gives 2 when
/// it found one. A command whose output nobody reads on (`medfund … | head -1`) ends with 141, as shells expect.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("medfund: no threads can be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    end_with_the_reader(move || {
        runtime.block_on(dispatch(cli.command)).unwrap_or_else(|failure| {
            eprintln!("medfund: {failure:#}");
            ExitCode::FAILURE
        })
    })
}

/// What shells report of a program that SIGPIPE ended: 128 and the signal's number.
const READER_GONE: u8 = 128 + 13;

/// Does the work, and ends it quietly when what reads its output is gone.
///
/// `print!` panics then. SIGPIPE, which would end other programs, is ignored as in every Rust program: a service in
/// this process must outlive a client that hangs up. Unwinding also ends what the command started.
fn end_with_the_reader(work: impl FnOnce() -> ExitCode) -> ExitCode {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let loud = take_hook();
        set_hook(Box::new(move |panic| {
            if !is_of_a_gone_reader(panic.payload()) {
                loud(panic);
            }
        }));
    });
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        if is_of_a_gone_reader(&*panic) { ExitCode::from(READER_GONE) } else { resume_unwind(panic) }
    })
}

/// Whether `print!` or `eprint!` panicked because nobody reads what it prints.
fn is_of_a_gone_reader(panic: &(dyn Any + Send)) -> bool {
    let said = panic.downcast_ref::<String>();
    said.is_some_and(|said| said.starts_with("failed printing to std") && said.contains("Broken pipe"))
}

async fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Drg(args) => drg::run(&args).await,
        Command::Policy(args) => policy::run(&args),
        Command::Tasks(args) => tasks::run(args).await,
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

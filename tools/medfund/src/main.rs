//! The command-line tool; everything is in the library part.

use std::process::ExitCode;

use clap::Parser;

#[expect(unreachable_code, reason = "no command is mounted yet")]
fn main() -> ExitCode {
    medfund::run(medfund::Cli::parse())
}

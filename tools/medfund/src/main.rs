//! The command-line tool; everything is in the library part.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    medfund::run(medfund::Cli::parse())
}

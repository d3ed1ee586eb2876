//! The `medfund` tool once more, so that these tests have a program whose services they may kill.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    medfund::run(medfund::Cli::parse())
}

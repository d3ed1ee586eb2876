use std::path::PathBuf;
use std::process::ExitCode;

use super::args::whole;
use super::output::Table;
use crate::sample::{CASES_HEADING, cases};

/// How many cases, and where they go.
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
pub(super) struct SampleArgs {
    /// The case list (.csv, .xlsx, .parquet).
    #[arg(long, value_name = "FILE")]
    pub(super) out: PathBuf,
    /// How many cases.
    #[arg(long, default_value_t = 1_000, value_parser = whole::<u64>)]
    cases: u64,
    /// The same seed gives the same cases.
    #[arg(long, default_value_t = 1, value_parser = whole::<u64>)]
    seed: u64,
}

/// Writes a case list that is made up.
pub(super) fn run(args: &SampleArgs) -> anyhow::Result<ExitCode> {
    let mut table = Table::create(&args.out, CASES_HEADING)?;
    for mut line in cases(args.seed, args.cases) {
        line.push('\n');
        table.append(&line)?;
    }
    table.finish()?;
    let name = args.out.display();
    println!(
        "{} cases that are made up in {name}; now: medfund drg group --in {name} --out answers.csv",
        args.cases
    );
    Ok(ExitCode::SUCCESS)
}

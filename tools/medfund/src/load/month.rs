//! `medfund load month`: a month of inpatient cases that a pool pays by points.

use std::path::PathBuf;

use super::run::{Load, What, institutions, parallel};

/// What `medfund load month` is given.
#[derive(Debug, clap::Args)]
pub(super) struct MonthArgs {
    /// The inpatient cases of the month.
    #[arg(long, default_value_t = 800_000, value_parser = clap::value_parser!(i64).range(1..=5_000_000))]
    cases: i64,
    /// The institutions that have them.
    #[arg(long, default_value_t = 200, value_parser = institutions())]
    institutions: usize,
    /// How many of them upload at a time.
    #[arg(long, default_value_t = 4, value_parser = parallel())]
    parallel: usize,
    /// The policy pack: an id of those built in, or a file; it must have a pool.
    #[arg(long, value_name = "ID|FILE", default_value = "panzhihua-2018")]
    pack: String,
    /// The seed of the region and its cases.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the figures to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl From<MonthArgs> for Load {
    fn from(args: MonthArgs) -> Self {
        Self {
            what: What::Cases,
            n_bills: args.cases,
            n_institutions: args.institutions,
            parallel: args.parallel,
            pack: args.pack,
            seed: args.seed,
            json: args.json,
        }
    }
}

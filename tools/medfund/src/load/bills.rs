//! `medfund load bills`: a month of bills of every kind.

use std::path::PathBuf;

use super::run::{Load, What, institutions, parallel};

/// What `medfund load bills` is given.
#[derive(Debug, clap::Args)]
pub(super) struct BillsArgs {
    /// The bills of the month.
    #[arg(long, default_value_t = 500_000, value_parser = clap::value_parser!(i64).range(1..=5_000_000))]
    bills: i64,
    /// The institutions that have them.
    #[arg(long, default_value_t = 200, value_parser = institutions())]
    institutions: usize,
    /// How many of them upload at a time.
    #[arg(long, default_value_t = 4, value_parser = parallel())]
    parallel: usize,
    /// The policy pack: an id of those built in, or a file.
    #[arg(long, value_name = "ID|FILE", default_value = "jiangmen-2016")]
    pack: String,
    /// The seed of the region and its bills.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the figures to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl From<BillsArgs> for Load {
    fn from(args: BillsArgs) -> Self {
        Self {
            what: What::Bills,
            n_bills: args.bills,
            n_institutions: args.institutions,
            parallel: args.parallel,
            pack: args.pack,
            seed: args.seed,
            json: args.json,
        }
    }
}

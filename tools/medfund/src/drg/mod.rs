//! `medfund drg`: compiles DRG schemes (疾病诊断相关分组), groups case lists, checks, explains and compares; makes tariffs.

mod adopt;
mod against;
mod args;
mod check;
mod compare;
mod compile;
mod crosswalk;
mod explain;
mod group;
mod headings;
mod ids;
mod indicators;
mod input;
mod output;
mod refused;
mod sample;
mod tariff;
#[cfg(test)]
mod tests;
mod totals;
mod work;
mod worth;

use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;

use crate::files::Before;

/// What stands behind `medfund drg`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: DrgCommand,
}

/// What to do with schemes and cases.
#[derive(Debug, Subcommand)]
enum DrgCommand {
    /// Compiles a scheme's official tables to one file, and tells every anomaly by file and line; exits with 1
    /// when a line of a region's additions, or of a scheme by category, was not understood.
    Compile(compile::CompileArgs),
    /// Groups a case list (CSV in UTF-8 or GB18030, Excel, Parquet), here or by a running suite; clinical codes (国临) are
    /// translated first by `--crosswalk`.
    Group(Box<group::GroupArgs>),
    /// Checks the quality of the lists (病案首页、结算清单质控); exits with 2 when a case may not be grouped.
    Check(check::CheckArgs),
    /// Tells why one case falls where it does, and what would change that.
    Explain(explain::ExplainArgs),
    /// Groups a case list by two schemes; exits with 2 when some case differs.
    Compare(compare::CompareArgs),
    /// Writes a case list that is made up, to try the others with.
    Sample(sample::SampleArgs),
    /// Publishes a scheme in a running suite and puts it in force.
    Adopt(adopt::AdoptArgs),
    /// Shows what cases tell of institutions and the region: entry rate, CMI, time and cost index, low-risk mortality, coverage.
    Indicators(Box<indicators::IndicatorsArgs>),
    /// Makes, reads and compares tariffs (DRG 权重、支付标准), without any service.
    Tariff(tariff::TariffArgs),
}

/// Runs one subcommand.
///
/// # Errors
///
/// A file that cannot be read or written, or that is no scheme or case list; what a suite refuses.
pub async fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let before = Before::of(args.command.out());
    args.command.run().await.map_err(|failure| before.told(failure))
}

impl DrgCommand {
    /// Where the result goes, if it goes to a file.
    fn out(&self) -> Option<&Path> {
        match self {
            Self::Compile(args) => Some(&args.out),
            Self::Group(args) => Some(&args.out),
            Self::Check(args) => Some(&args.out),
            Self::Sample(args) => Some(&args.out),
            Self::Compare(args) => args.out.as_deref(),
            Self::Indicators(args) => args.out.as_deref(),
            Self::Tariff(args) => args.out(),
            Self::Explain(_) | Self::Adopt(_) => None,
        }
    }

    async fn run(&self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Compile(args) => compile::run(args),
            Self::Group(args) => group::run(args).await,
            Self::Check(args) => check::run(args),
            Self::Explain(args) => explain::run(args),
            Self::Compare(args) => compare::run(args),
            Self::Sample(args) => sample::run(args),
            Self::Adopt(args) => adopt::run(args).await,
            Self::Indicators(args) => indicators::run(args),
            Self::Tariff(args) => tariff::run(args),
        }
    }
}

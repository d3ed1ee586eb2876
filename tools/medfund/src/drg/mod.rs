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

use std::process::ExitCode;

use clap::Subcommand;

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
    match &args.command {
        DrgCommand::Compile(args) => compile::run(args),
        DrgCommand::Group(args) => group::run(args).await,
        DrgCommand::Check(args) => check::run(args),
        DrgCommand::Explain(args) => explain::run(args),
        DrgCommand::Compare(args) => compare::run(args),
        DrgCommand::Sample(args) => sample::run(args),
        DrgCommand::Adopt(args) => adopt::run(args).await,
        DrgCommand::Indicators(args) => indicators::run(args),
        DrgCommand::Tariff(args) => tariff::run(args),
    }
}

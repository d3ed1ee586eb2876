//! `medfund drg`: compiles DRG schemes (疾病诊断相关分组), groups case lists, checks, explains and compares; makes tariffs.

mod adopt;
mod check;
mod compare;
mod compile;
mod crosswalk;
mod explain;
mod group;
mod lines;
mod output;
mod tariff;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use medfund_grouper::crosswalk::Crosswalk;

use crate::schemes::load;
use lines::{CaseList, Encoding};

/// What stands behind `medfund drg`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: DrgCommand,
}

/// What to do with schemes and cases.
#[derive(Debug, Subcommand)]
enum DrgCommand {
    /// Compiles a scheme's official tables to one file, and tells every anomaly by file and line.
    Compile(compile::CompileArgs),
    /// Groups a case list (CSV; UTF-8 or GB18030).
    Group(group::GroupArgs),
    /// Checks the quality of the lists (病案首页、结算清单质控); exits with 2 when a case may not be grouped.
    Check(check::CheckArgs),
    /// Tells why one case falls where it does, and what would change that.
    Explain(explain::ExplainArgs),
    /// Groups a case list by two schemes; exits with 2 when some case differs.
    Compare(compare::CompareArgs),
    /// Publishes a scheme in a running suite and puts it in force.
    Adopt(adopt::AdoptArgs),
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
        DrgCommand::Group(args) => group::run(args),
        DrgCommand::Check(args) => check::run(args),
        DrgCommand::Explain(args) => explain::run(args),
        DrgCommand::Compare(args) => compare::run(args),
        DrgCommand::Adopt(args) => adopt::run(args).await,
        DrgCommand::Tariff(args) => tariff::run(args),
    }
}

/// A case list and the scheme to group it by.
#[derive(Debug, clap::Args)]
struct CasesArgs {
    /// The compiled scheme.
    #[arg(long)]
    scheme: PathBuf,
    /// The cases: id, sex, age_years, [age_days, birth_weight_g,] diagnoses, procedures; codes separated by `|`.
    #[arg(long = "in")]
    cases: PathBuf,
    /// How the cases are written; else their beginning tells.
    #[arg(long, value_enum)]
    encoding: Option<Encoding>,
    /// The cases are in clinical codes (国临): this table, a clinical and a 医保 code a line, translates
    /// them first. May be given twice, for diagnoses and for procedures.
    #[arg(long, value_name = "FILE")]
    crosswalk: Vec<PathBuf>,
}

impl CasesArgs {
    fn open(&self) -> anyhow::Result<CaseList> {
        CaseList::open(&self.cases, self.encoding)
    }

    fn crosswalk(&self) -> anyhow::Result<Option<Crosswalk>> {
        crosswalk::read(&self.crosswalk)
    }
}

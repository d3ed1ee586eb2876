use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use medfund_grouper::Outcome;
use medfund_grouper::batch::Batch;
use medfund_grouper::quality::{self, Limits};

use super::output::Output;
use super::{CasesArgs, load};

/// The cases and where the answers go.
#[derive(Debug, clap::Args)]
pub(super) struct GroupArgs {
    #[command(flatten)]
    cases: CasesArgs,
    /// The answers: id, status, mdc, adrg, drg, mcc_not_excluded, cc_not_excluded, and with a crosswalk
    /// what it translated.
    #[arg(long)]
    out: PathBuf,
    /// Group no case whose list's quality forbids it: its status is then 质控不通过 (see `check`).
    #[arg(long)]
    check: bool,
}

/// Groups every line; those that are no case are told and left out, and the exit code is then 1.
pub(super) fn run(args: &GroupArgs) -> anyhow::Result<ExitCode> {
    let scheme = load(&args.cases.scheme)?;
    let crosswalk = args.cases.crosswalk()?;
    let mut list = args.cases.open()?;
    let mut batch = Batch::new(&scheme, list.columns.clone()).translating(crosswalk.as_ref());
    let mut out = Output::create(&args.out)?;
    out.write_all(batch.heading().as_bytes())?;
    let (mut n_cases, mut n_grouped) = (0_u64, 0_u64);
    let mut answer_line = String::new();
    let limits = Limits::default();
    list.each(|line| -> anyhow::Result<bool> {
        answer_line.clear();
        if args.check {
            let checked = batch.check_line(line, &limits)?;
            if quality::blocks(&checked.findings) {
                batch.refuse(&checked.id, &mut answer_line);
                out.write_all(answer_line.as_bytes())?;
                n_cases += 1;
                return Ok(true);
            }
        }
        let answer = batch.group_line(line, &mut answer_line)?;
        out.write_all(answer_line.as_bytes())?;
        n_cases += 1;
        n_grouped += u64::from(answer.outcome == Outcome::Grouped);
        Ok(true)
    })?;
    out.finish()?;
    println!("{n_cases} cases, {n_grouped} in a group, {} lines that are no case", list.n_bad());
    Ok(if list.n_bad() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

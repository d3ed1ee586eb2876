use std::path::PathBuf;
use std::process::ExitCode;

use medfund_grouper::Outcome;
use medfund_grouper::batch::{Batch, LineError};
use medfund_grouper::quality::{self, Kind};

use super::against::{AgainstArgs, Grouped};
use super::args::CasesArgs;
use super::headings::Headings;
use super::ids::{Ids, fingerprint, id_of};
use super::output::{Table, not_over_the_cases};
use super::totals::Totals;
use super::work::{Work, work_on};
use super::worth;

/// The cases and where the answers go.
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true, after_help = FIRST_STEPS)]
pub(super) struct GroupArgs {
    #[command(flatten)]
    cases: CasesArgs,
    #[command(flatten)]
    against: AgainstArgs,
    /// The answers (.csv, .xlsx, .parquet): id, status, mdc, adrg, drg, mcc_not_excluded, cc_not_excluded,
    /// and with a crosswalk what it translated.
    #[arg(long)]
    pub(super) out: PathBuf,
    /// What heads the columns of the answers.
    #[arg(long, value_enum, value_name = "LANGUAGE", default_value_t)]
    headings: Headings,
    /// Group no case whose list's quality forbids it: its status is then 质控不通过 (see `check`).
    #[arg(long)]
    check: bool,
    /// A tariff with weights, as published (.csv, .xlsx): the totals then have the case-mix index (CMI).
    #[arg(long, value_name = "FILE")]
    tariff: Option<PathBuf>,
    #[command(flatten)]
    words: super::tariff::WordArgs,
}

const FIRST_STEPS: &str = "\
Try it, with cases that are made up and the reference scheme:

  medfund drg sample --out cases.csv
  medfund drg group --in cases.csv --out answers.csv

For payment, compile the official tables once and group by them:

  medfund drg compile --from FOLDER --out FILE.drg
  medfund drg group --scheme FILE.drg --in cases.csv --out answers.csv

Cases in clinical codes (国临) want the crosswalks that are published with the 医保 codes:

  medfund drg group --crosswalk ICD10.txt --crosswalk ICD9.txt --in cases.csv --out answers.csv

A suite of `medfund up` groups by the scheme that is in force there, to the same answers:

  medfund drg adopt --against suite.json --area 440700
  medfund drg group --against suite.json --area 440700 --in cases.csv --out answers.csv";

/// Groups every line; those that are no case are told and left out, and the exit code is then 1.
pub(super) async fn run(args: &GroupArgs) -> anyhow::Result<ExitCode> {
    not_over_the_cases(&args.cases.cases, &args.out)?;
    if let Some(suite) = args.against.suite() {
        let grouped = Grouped {
            list: &args.cases.cases,
            out: &args.out,
            headings: args.headings,
            check_quality: args.check,
            crosswalk: args.cases.by.crosswalk()?.map(|crosswalk| crosswalk.hash()),
        };
        return args.against.group(suite, grouped).await;
    }
    let scheme = args.cases.by.scheme()?;
    let crosswalk = args.cases.by.crosswalk_to(&scheme)?;
    let tariff = worth::read(args.tariff.as_deref(), &args.words)?;
    let mut list = args.cases.open()?;
    let columns = list.columns.clone();
    let new_batch = || Batch::new(&scheme, columns.clone()).translating(crosswalk.as_ref());
    let mut table = Table::headed(&args.out, new_batch().heading(), args.headings)?;
    let (mut totals, mut ids) = (Totals::default(), Ids::default());
    let new_worker = || Grouping {
        batch: new_batch(),
        check_quality: args.check,
        groups_by_grey: scheme.groups_by_grey(),
        made: Made::default(),
    };
    let refused = work_on(&mut list, new_worker, |made| {
        table.append(&made.answers)?;
        totals.add(made.totals);
        made.ids.into_iter().for_each(|(fingerprint, line)| ids.add(fingerprint, line));
        Ok(true)
    })?;
    table.finish()?;
    match refused.nothing_done("grouped", totals.n_cases()) {
        Some(nothing) => println!("{nothing}"),
        None => {
            print!("{}", totals.text(&scheme, tariff.as_ref()));
            if let Some(told) = ids.told() {
                println!("{told}");
            }
            println!("{} lines that are no case", refused.n_lines);
        }
    }
    Ok(if refused.n_lines == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What a thread groups.
struct Grouping<'s> {
    batch: Batch<'s>,
    check_quality: bool,
    /// A case in a group may have a grey code.
    groups_by_grey: bool,
    made: Made,
}

#[derive(Default)]
struct Made {
    answers: String,
    totals: Totals,
    /// A fingerprint of each id, and the line it stands in.
    ids: Vec<(u64, u64)>,
}

impl Work for Grouping<'_> {
    type Made = Made;

    fn line(&mut self, number: u64, line: &str) -> Result<(), LineError> {
        let Made { answers, totals, ids } = &mut self.made;
        let start = answers.len();
        let checked = self.check_quality.then(|| self.batch.check_line(line)).transpose()?;
        let refused = checked.filter(|checked| quality::blocks(&checked.findings));
        if let Some(checked) = refused {
            self.batch.refuse(&checked.id, answers);
            totals.refused();
            let grey = checked.findings.into_iter().filter(|finding| finding.kind == Kind::GreyCode);
            totals.has_grey(grey.map(|finding| finding.value).collect());
        } else {
            let answer = self.batch.group_line(line, answers)?;
            // An explanation groups other cases after this one.
            totals.passed_over(self.batch.n_passed_over());
            totals.answered(answer, || self.batch.explain_line(line).ok()?.explanation.invalid);
            if answer.outcome == Outcome::InvalidCode || self.groups_by_grey {
                totals.has_grey(self.batch.grey_codes(line)?);
            }
        }
        ids.push((fingerprint(id_of(&answers[start..])), number));
        Ok(())
    }

    fn made(&mut self) -> Made {
        std::mem::take(&mut self.made)
    }
}

#[cfg(test)]
mod tests {
    use medfund_grouper::batch::Columns;

    use super::*;

    /// Of the first case the principal diagnosis is unknown, so that it is no case to group; of the second two codes are
    /// passed over.
    #[test]
    fn codes_are_passed_over_in_cases_that_are_grouped_alone() {
        let scheme = crate::schemes::reference();
        let columns = Columns::of_heading("id,sex,age_years,diagnoses,procedures").unwrap();
        let mut work = Grouping {
            batch: Batch::new(&scheme, columns),
            check_quality: false,
            groups_by_grey: scheme.groups_by_grey(),
            made: Made::default(),
        };
        work.line(2, "1,1,61,??|??1|J18.900,??2").unwrap();
        work.line(3, "2,1,61,J18.900|??1|I10.x00,??2").unwrap();
        let text = work.made().totals.text(&scheme, None);
        let told = "1 cases have other codes that the scheme does not know, 2 in all";
        assert!(text.contains(told) && text.contains("1  编码无效 ??"), "{text}");
    }
}

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use medfund_grouper::batch::{Batch, CheckedLine, LineError};
use medfund_grouper::quality::{self, Finding, Level};

use super::args::CasesArgs;
use super::headings::Headings;
use super::ids::{Ids, fingerprint};
use super::output::{Table, not_over_the_cases, quoted};
use super::work::{Work, work_on};

/// The cases and where the findings go.
#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    cases: CasesArgs,
    /// The findings (.csv, .xlsx, .parquet): id, level, code, field, value, what, and with a crosswalk the
    /// code that `value` was.
    #[arg(long)]
    pub(super) out: PathBuf,
    /// What heads the columns of the findings.
    #[arg(long, value_enum, value_name = "LANGUAGE", default_value_t)]
    headings: Headings,
}

const HEADING: &str = "id,level,code,field,value,what";

/// Checks every list; exits with 2 when a finding keeps a case from being grouped.
pub(super) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    not_over_the_cases(&args.cases.cases, &args.out)?;
    let scheme = args.cases.by.scheme()?;
    let crosswalk = args.cases.by.crosswalk_to(&scheme)?;
    let mut list = args.cases.open()?;
    let (columns, absent) = (list.columns.clone(), list.columns.absent());
    let translated = if crosswalk.is_some() { ",translated_from" } else { "" };
    let mut table = Table::headed(&args.out, &format!("{HEADING}{translated}"), args.headings)?;
    let new_worker = || Checking {
        batch: Batch::new(&scheme, columns.clone()).translating(crosswalk.as_ref()),
        made: Made::default(),
    };
    let mut by_kind: BTreeMap<Kind, u64> = BTreeMap::new();
    let (mut n_cases, mut n_blocked, mut ids) = (0_u64, 0_u64, Ids::default());
    let refused = work_on(&mut list, new_worker, |made| {
        table.append(&made.findings)?;
        n_cases += made.ids.len() as u64;
        n_blocked += made.n_blocked;
        for (kind, n_found) in made.by_kind {
            *by_kind.entry(kind).or_default() += n_found;
        }
        made.ids.into_iter().for_each(|(fingerprint, line)| ids.add(fingerprint, line));
        Ok(true)
    })?;
    table.finish()?;
    let exit = match (n_blocked, refused.n_lines) {
        (_, 1..) => ExitCode::FAILURE,
        (0, 0) => ExitCode::SUCCESS,
        (_, 0) => ExitCode::from(2),
    };
    if let Some(nothing) = refused.nothing_done("checked", n_cases) {
        println!("{nothing}");
        return Ok(exit);
    }
    for ((level, code, what), n_found) in by_kind.iter().rev() {
        println!("{n_found:>9}  {}  {code}  {what}", level.zh());
    }
    if let Some(told) = ids.told() {
        println!("{told}");
    }
    if !absent.is_empty() {
        println!("not looked at, for the list has no such columns: {}", absent.join(", "));
    }
    println!("limits of the scheme: {}", scheme.limits());
    println!("{n_cases} cases, {n_blocked} blocked, {} lines that are no case", refused.n_lines);
    Ok(exit)
}

/// A level, and a kind's code and words.
type Kind = (Level, &'static str, &'static str);

/// What a thread checks.
struct Checking<'s> {
    batch: Batch<'s>,
    made: Made,
}

#[derive(Default)]
struct Made {
    findings: String,
    by_kind: BTreeMap<Kind, u64>,
    n_blocked: u64,
    ids: Vec<(u64, u64)>,
}

impl Work for Checking<'_> {
    type Made = Made;

    fn line(&mut self, number: u64, line: &str) -> Result<(), LineError> {
        let checked = self.batch.check_line(line)?;
        self.made.ids.push((fingerprint(&checked.id), number));
        self.made.n_blocked += u64::from(quality::blocks(&checked.findings));
        for finding in &checked.findings {
            let kind = (finding.level, finding.kind.code(), finding.kind.zh());
            *self.made.by_kind.entry(kind).or_default() += 1;
            write_finding(&mut self.made.findings, &checked, finding)
                .expect("a string takes all that is written");
        }
        Ok(())
    }

    fn made(&mut self) -> Made {
        std::mem::take(&mut self.made)
    }
}

fn write_finding(out: &mut String, checked: &CheckedLine<'_>, finding: &Finding) -> std::fmt::Result {
    let index = finding.index.map_or_else(String::new, |index| format!("[{index}]"));
    let (level, code, field) = (finding.level.zh(), finding.kind.code(), finding.field.name());
    let (id, value) = (quoted(&checked.id), quoted(&finding.value));
    write!(out, "{id},{level},{code},{field}{index},{value},{}", finding.kind.zh())?;
    if checked.translation.is_some() {
        write!(out, ",{}", quoted(checked.translated_from(finding).unwrap_or_default()))?;
    }
    writeln!(out)
}

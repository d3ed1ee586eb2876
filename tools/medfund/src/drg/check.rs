use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use medfund_grouper::batch::{Batch, CheckedLine, LineError};
use medfund_grouper::quality::{self, Finding, Level, Limits};

use super::output::Output;
use super::{CasesArgs, load};

/// The cases and where the findings go.
#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    cases: CasesArgs,
    /// The findings (CSV): id, level, code, field, value, what, and with a crosswalk the code that `value` was.
    #[arg(long)]
    out: PathBuf,
}

const HEADING: &str = "id,level,code,field,value,what";

/// Checks every list; exits with 2 when a finding keeps a case from being grouped.
pub(super) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let scheme = load(&args.cases.scheme)?;
    let crosswalk = args.cases.crosswalk()?;
    let mut list = args.cases.open()?;
    let batch = Batch::new(&scheme, list.columns.clone()).translating(crosswalk.as_ref());
    let absent = list.columns.absent();
    let limits = Limits::default();
    let mut out = Output::create(&args.out)?;
    let translated = if crosswalk.is_some() { ",translated_from" } else { "" };
    writeln!(out, "{HEADING}{translated}")?;
    let mut by_kind: BTreeMap<(Level, &str, &str), u64> = BTreeMap::new();
    let (mut n_cases, mut n_blocked, mut failed) = (0_u64, 0_u64, None);
    list.each(|line| -> Result<bool, LineError> {
        let checked = batch.check_line(line, &limits)?;
        n_cases += 1;
        n_blocked += u64::from(quality::blocks(&checked.findings));
        for finding in &checked.findings {
            *by_kind.entry((finding.level, finding.kind.code(), finding.kind.zh())).or_default() += 1;
            failed = write_finding(&mut out, &checked, finding).err();
        }
        Ok(failed.is_none())
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    out.finish()?;
    for ((level, code, what), n_found) in by_kind.iter().rev() {
        println!("{n_found:>9}  {}  {code}  {what}", level.zh());
    }
    if !absent.is_empty() {
        println!("not looked at, for the list has no such columns: {}", absent.join(", "));
    }
    println!("{n_cases} cases, {n_blocked} blocked, {} lines that are no case", list.n_bad());
    Ok(match (n_blocked, list.n_bad()) {
        (_, 1..) => ExitCode::FAILURE,
        (0, 0) => ExitCode::SUCCESS,
        (_, 0) => ExitCode::from(2),
    })
}

fn write_finding(out: &mut impl Write, checked: &CheckedLine<'_>, finding: &Finding) -> std::io::Result<()> {
    let index = finding.index.map_or_else(String::new, |index| format!("[{index}]"));
    let (level, code, field) = (finding.level.zh(), finding.kind.code(), finding.field.name());
    let (id, value) = (quoted(&checked.id), quoted(&finding.value));
    write!(out, "{id},{level},{code},{field}{index},{value},{}", finding.kind.zh())?;
    if checked.translation.is_some() {
        write!(out, ",{}", checked.translated_from(finding).unwrap_or_default())?;
    }
    writeln!(out)
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

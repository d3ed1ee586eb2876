//! `medfund drg group --against`: a suite's drg service groups the list.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use chrono::NaiveDate;
use medfund_grouper::batch::heading;
use medfund_proto::drg::v1::batch_error::Level;
use medfund_proto::drg::v1::scheme_choice::Choice;
use medfund_proto::drg::v1::{Batch, BatchError, SchemeChoice};
use medfund_server::convert::date_to_pb;
use medfund_types::Area;
use uuid::Uuid;

use super::headings::Headings;
use super::input::{CaseList, progress};
use super::output::Table;
use super::refused::{N_TOLD, Refused};
use super::totals::share;
use crate::day::{day, today};
use crate::suite::{CaseFile, People, Person, Session, SuiteFile};

/// The suite that groups, and by which scheme.
#[derive(Debug, clap::Args)]
pub(super) struct AgainstArgs {
    /// Let a running suite group the list, a CSV, by the scheme that is in force there: its file (`suite.json` of
    /// `medfund up`). A crosswalk must be published there.
    #[arg(long, value_name = "FILE", requires = "area", conflicts_with_all = ["scheme", "encoding", "tariff"])]
    against: Option<PathBuf>,
    /// The pooling area's six-digit code.
    #[arg(long, requires = "against")]
    area: Option<Area>,
    /// The day of discharge by whose scheme all cases are grouped; without it today.
    #[arg(long, value_name = "DAY", value_parser = day, requires = "against")]
    discharged: Option<NaiveDate>,
}

/// A list and what becomes of it.
pub(super) struct Grouped<'a> {
    pub(super) list: &'a Path,
    pub(super) out: &'a Path,
    pub(super) headings: Headings,
    pub(super) check_quality: bool,
    /// The hash of the crosswalk that translates the codes, if one does.
    pub(super) crosswalk: Option<String>,
}

/// What a suite wants before it groups.
const WHAT_TO_DO: &str = "a scheme comes into force by `medfund drg adopt`, and the drg service's `CrosswalkService` \
                          publishes crosswalks";

impl AgainstArgs {
    /// The suite's file and the area, if a suite groups.
    pub(super) fn suite(&self) -> Option<(&Path, &Area)> {
        Some((self.against.as_deref()?, self.area.as_ref()?))
    }

    fn scheme(&self) -> SchemeChoice {
        let day = self.discharged.unwrap_or_else(today);
        SchemeChoice { choice: Some(Choice::Date(date_to_pb(day))) }
    }

    /// Has the list grouped and writes the same bytes as the tool itself does by the same scheme; the exit code is 1
    /// when a line is no case.
    pub(super) async fn group(
        &self,
        (suite, area): (&Path, &Area),
        grouped: Grouped<'_>,
    ) -> anyhow::Result<ExitCode> {
        let Grouped { list, out, headings, check_quality, crosswalk } = grouped;
        let name = list.display();
        let ending = list.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        ensure!(
            !matches!(ending.as_deref(), Some("xlsx" | "xls" | "xlsm" | "ods" | "parquet")),
            "{name}: a suite takes case lists as CSV: save it as one, or group it here with --scheme"
        );
        // What no service would take is told here, as without a suite.
        CaseList::open(list, None)?;
        let table = Answers::create(out, heading(crosswalk.is_some()), headings)?;
        let session = Session::open(&SuiteFile::read(suite)?, &format!("group/{}", Uuid::new_v4()))?;
        let officer = People::of(area).officer;
        let file = CaseFile {
            area,
            path: list,
            scheme: self.scheme(),
            crosswalk: crosswalk.map(|hash| format!("areas/{area}/crosswalks/{hash}")).unwrap_or_default(),
            check_quality,
        };
        let batch = session.start_batch(&officer, file).await;
        let batch = batch.with_context(|| format!("{area} does not group {name} ({WHAT_TO_DO})"))?;
        let answered = answered((&session, &officer), &batch, list, table).await;
        // Also when it failed half-way: the suite would hold the patients' list, and its place for another, for nothing.
        let cancelled = session.cancel_batch(&officer, &batch.name).await;
        let (batch, refused) = answered?;
        cancelled?;
        println!("{}", told(&batch, &refused));
        Ok(if batch.n_refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Has the list grouped and writes its answers; gives the batch as it ended, and the lines that were refused.
async fn answered(
    (session, officer): (&Session, &Person),
    batch: &Batch,
    list: &Path,
    mut table: Answers,
) -> anyhow::Result<(Batch, Refused)> {
    let batch = grouped_to_its_end(session, officer, batch, list).await;
    let batch = batch.with_context(|| format!("cannot group {}", list.display()))?;
    session.batch_answers(officer, &batch, |content| table.append(content)).await?;
    table.finish()?;
    let refused = refused(session, officer, &batch, list).await?;
    Ok((batch, refused))
}

/// Uploads the list and waits until it is grouped.
async fn grouped_to_its_end(
    session: &Session,
    officer: &Person,
    batch: &Batch,
    list: &Path,
) -> anyhow::Result<Batch> {
    // Each byte of the list is sent, and then answered.
    let n_bytes = u64::try_from(batch.n_bytes)?;
    let bar = progress(2 * n_bytes)?;
    let (of_upload, name) = (bar.clone(), batch.name.as_str());
    let grouped = async {
        session.upload_batch(officer, name, list, move |n_sent| of_upload.set_position(n_sent)).await?;
        session.finish_batch_upload(officer, name).await?;
        session.grouped_batch(officer, name, |n_answered| bar.set_position(n_bytes + n_answered)).await
    };
    let grouped = grouped.await;
    bar.finish_and_clear();
    grouped
}

/// The lines that the service refused, of which the first are told on standard error.
async fn refused(session: &Session, officer: &Person, batch: &Batch, list: &Path) -> anyhow::Result<Refused> {
    let mut refused = Refused::of(list.display().to_string());
    let n_lines = usize::try_from(batch.n_refused)?;
    if n_lines > 0 {
        let n_told = n_lines.min(N_TOLD);
        let take = |errors: Vec<BatchError>| {
            let of_lines = errors.into_iter().filter(|error| error.level() == Level::Refused);
            for error in of_lines.take(n_told - refused.n_lines) {
                let value =
                    if error.value.is_empty() { String::new() } else { format!("（{}）", error.value) };
                let reason = format!("{}{value}", error.text_zh);
                if let Some(told) = refused.add(u64::try_from(error.line).unwrap_or_default(), &reason) {
                    eprintln!("{told}");
                }
            }
            refused.n_lines < n_told
        };
        session.batch_errors(officer, &batch.name, take).await?;
        refused.n_lines = n_lines;
    }
    if let Some(others) = refused.others() {
        eprintln!("{others}");
    }
    Ok(refused)
}

fn told(batch: &Batch, refused: &Refused) -> String {
    let [n_cases, n_grouped, n_blocked] =
        [batch.n_cases, batch.n_grouped, batch.n_blocked].map(|n| u64::try_from(n).unwrap_or_default());
    if let Some(nothing) = refused.nothing_done("grouped", n_cases) {
        return nothing;
    }
    let blocked = if batch.check_quality {
        format!("\n{n_blocked} cases whose list's quality forbids grouping (质控不通过)")
    } else {
        String::new()
    };
    format!(
        "{n_cases} cases, {n_grouped} in a group: entry rate (入组率) {}{blocked}\nby {}\n{} lines that are no case",
        share(n_grouped, n_cases),
        batch.scheme,
        refused.n_lines
    )
}

/// The table of the answers, which come in parts that end anywhere.
struct Answers {
    table: Table,
    /// What the answers are headed by, until that has come.
    heading: Option<&'static str>,
    /// What belongs to a line whose end has not come.
    rest: Vec<u8>,
}

impl Answers {
    fn create(out: &Path, heading: &'static str, headings: Headings) -> anyhow::Result<Self> {
        Ok(Self { table: Table::headed(out, heading, headings)?, heading: Some(heading), rest: Vec::new() })
    }

    fn append(&mut self, content: &[u8]) -> anyhow::Result<()> {
        self.rest.extend(content);
        let text = whole_lines(&mut self.rest)?;
        if text.is_empty() {
            return Ok(());
        }
        let lines = match self.heading.take() {
            None => Some(text.as_str()),
            Some(heading) => text.strip_prefix(heading),
        };
        let lines =
            lines.context("the suite's answers have other columns: use the tool of the suite's version")?;
        self.table.append(lines)
    }

    fn finish(self) -> anyhow::Result<()> {
        ensure!(self.rest.is_empty() && self.heading.is_none(), "the answers end within a line");
        self.table.finish()
    }
}

/// Takes the lines that are whole: a line ends outside of quotation marks.
fn whole_lines(bytes: &mut Vec<u8>) -> anyhow::Result<String> {
    let (mut is_quoted, mut end) = (false, 0);
    for (place, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => end = place + 1,
            _ => {}
        }
    }
    let rest = bytes.split_off(end);
    Ok(String::from_utf8(std::mem::replace(bytes, rest))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWERS: &str = "id,status,drg\n1,分组成功,FR13\n\"a\nb\",无法入组,0000\n";

    fn begun(path: &Path, headings: Headings) -> Answers {
        Answers::create(path, "id,status,drg\n", headings).unwrap()
    }

    #[test]
    fn answers_in_parts_that_end_anywhere_are_the_same_table() {
        let folder = tempfile::tempdir().unwrap();
        for size in [1, 2, 3, 7, 64] {
            for (headings, heading) in
                [(Headings::En, "id,status,drg"), (Headings::Zh, "病例号,分组状态,DRG编码")]
            {
                let path = folder.path().join("answers.csv");
                let mut table = begun(&path, headings);
                ANSWERS.as_bytes().chunks(size).for_each(|part| table.append(part).unwrap());
                table.finish().unwrap();
                let written = std::fs::read_to_string(&path).unwrap();
                assert_eq!(written, ANSWERS.replace("id,status,drg", heading), "{size}");
            }
        }
    }

    #[test]
    fn answers_with_other_columns_or_that_end_within_a_line_are_refused_and_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.csv");
        let mut table = begun(&path, Headings::En);
        let refused = table.append(b"id,drg\n").unwrap_err().to_string();
        assert!(refused.starts_with("the suite's answers have other columns"), "{refused}");
        let mut table = begun(&path, Headings::En);
        table.append(&ANSWERS.as_bytes()[..ANSWERS.len() - 1]).unwrap();
        assert_eq!(table.finish().unwrap_err().to_string(), "the answers end within a line");
        assert!(!path.exists());
    }
}

pub(super) mod json;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use medfund_grouper::Scheme;
use medfund_grouper::batch::{Batch, Columns, Encoding, ExplainedLine, LineError};
use medfund_grouper::crosswalk::Crosswalk;

use super::args::ByArgs;
use super::input::CaseList;
use super::output::quoted;
use super::work::{Work, work_on};

/// Which case: one of a list by its id, or one given by hand.
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true, after_help = EXAMPLES)]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    by: ByArgs,
    /// The case list (.csv, .xlsx, .parquet).
    #[arg(
        long = "in",
        value_name = "FILE",
        requires = "id",
        conflicts_with = "diagnoses",
        required_unless_present = "diagnoses"
    )]
    cases: Option<PathBuf>,
    /// The case's id in the list.
    #[arg(long, requires = "cases")]
    id: Option<String>,
    /// How the text of the list is written; else its beginning tells.
    #[arg(long, requires = "cases")]
    encoding: Option<Encoding>,
    /// The diagnoses of a case given by hand, the principal one first, `|` between.
    #[arg(long, value_name = "CODES")]
    diagnoses: Option<String>,
    /// Its procedures, the principal one first, `|` between.
    #[arg(long, value_name = "CODES", default_value = "", requires = "diagnoses")]
    procedures: String,
    /// Its sex: 1 or 男, 2 or 女.
    #[arg(long, default_value = "", requires = "diagnoses")]
    sex: String,
    /// Its age in years.
    #[arg(long, value_name = "YEARS", default_value = "", requires = "diagnoses")]
    age: String,
    /// Its age in days, under one year.
    #[arg(long, value_name = "DAYS", default_value = "", requires = "diagnoses")]
    age_days: String,
    /// A newborn's weight at birth.
    #[arg(long, value_name = "GRAMS", default_value = "", requires = "diagnoses")]
    birth_weight: String,
    /// Its days of stay, which a region's groups may ask for.
    #[arg(long, value_name = "DAYS", default_value = "", requires = "diagnoses")]
    stay_days: String,
    /// Writes JSON instead of words.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
A case of a list, and one given by hand:

  medfund drg explain --in cases.csv --id 1
  medfund drg explain --sex 1 --age 61 --diagnoses 'I21.001|E11.900' --procedures 36.0601";

/// The columns of a case given by hand.
const BY_HAND: &str = "id,sex,age_years,age_days,birth_weight_g,stay_days,diagnoses,procedures";

pub(super) fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    let scheme = args.by.scheme()?;
    let crosswalk = args.by.crosswalk_to(&scheme)?;
    let text = match (&args.cases, &args.id, &args.diagnoses) {
        (Some(cases), Some(id), _) => {
            let list = CaseList::open(cases, args.encoding)?;
            let found = of_a_list(list, id, args.json, &scheme, crosswalk.as_ref())?;
            found.with_context(|| format!("{} has no case {id}", cases.display()))?
        }
        (_, _, diagnoses) => {
            let diagnoses = diagnoses.as_deref().unwrap_or_default();
            let fields = [
                &args.sex,
                &args.age,
                &args.age_days,
                &args.birth_weight,
                &args.stay_days,
                diagnoses,
                &args.procedures,
            ];
            let line = fields.iter().fold(String::new(), |line, field| line + "," + &quoted(field));
            let mut batch =
                Batch::new(&scheme, Columns::of_heading(BY_HAND)?).translating(crosswalk.as_ref());
            written(&batch.explain_line(&line)?, &scheme, args.json)
        }
    };
    print!("{text}");
    Ok(ExitCode::SUCCESS)
}

fn written(explained: &ExplainedLine<'_>, scheme: &Scheme, json: bool) -> String {
    if json { format!("{:#}\n", json::of(explained, scheme)) } else { explained.to_string() }
}

fn of_a_list(
    mut list: CaseList,
    id: &str,
    json: bool,
    scheme: &Scheme,
    crosswalk: Option<&Crosswalk>,
) -> anyhow::Result<Option<String>> {
    let columns = list.columns.clone();
    let new_worker = || Looking {
        batch: Batch::new(scheme, columns.clone()).translating(crosswalk),
        scheme,
        id,
        json,
        found: None,
    };
    let mut found = None;
    work_on(&mut list, new_worker, |made| {
        found = made;
        Ok(found.is_none())
    })?;
    Ok(found)
}

/// Looks for a case by its id.
struct Looking<'s> {
    batch: Batch<'s>,
    scheme: &'s Scheme,
    id: &'s str,
    json: bool,
    found: Option<String>,
}

impl Work for Looking<'_> {
    type Made = Option<String>;

    fn line(&mut self, _: u64, line: &str) -> Result<(), LineError> {
        // An id with a quotation mark stands doubled in the line.
        let may_be = self.found.is_none() && (line.contains(self.id) || line.contains('"'));
        if may_be {
            let explained = self.batch.explain_line(line)?;
            if explained.id == self.id {
                self.found = Some(written(&explained, self.scheme, self.json));
            }
        }
        Ok(())
    }

    fn made(&mut self) -> Option<String> {
        self.found.take()
    }
}

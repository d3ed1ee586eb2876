use std::path::PathBuf;
use std::str::FromStr;

use chrono::NaiveDate;
use medfund_grouper::Scheme;
use medfund_grouper::batch::Encoding;
use medfund_grouper::crosswalk::Crosswalk;

use super::crosswalk;
use super::input::CaseList;
use crate::schemes;

/// What cases are grouped by.
#[derive(Debug, clap::Args)]
pub(super) struct ByArgs {
    /// The compiled scheme. Without it the reference scheme, for demonstration, not for payment.
    #[arg(long, value_name = "FILE")]
    scheme: Option<PathBuf>,
    /// The cases are in clinical codes (国临): this table, a clinical and a 医保 code a line, translates
    /// them first. May be given twice, for diagnoses and for procedures.
    #[arg(long, value_name = "FILE")]
    crosswalk: Vec<PathBuf>,
}

/// A case list and what to group it by.
#[derive(Debug, clap::Args)]
pub(super) struct CasesArgs {
    #[command(flatten)]
    pub(super) by: ByArgs,
    /// The cases (.csv, .xlsx, .parquet): id, sex, age_years, [age_days, birth_weight_g,] diagnoses,
    /// procedures; codes separated by `|`.
    #[arg(long = "in", value_name = "FILE")]
    pub(super) cases: PathBuf,
    /// How the text of the cases is written; else their beginning tells.
    #[arg(long)]
    encoding: Option<Encoding>,
}

/// Reads a day.
pub(super) fn day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::from_str(text).map_err(|_| format!("`{text}` is no day like 2025-01-31"))
}

/// Reads a whole number.
pub(super) fn whole<N: FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| format!("`{text}` is no whole number in its bounds, like 1000"))
}

impl ByArgs {
    /// The scheme; that it is the reference scheme is said on standard error.
    pub(super) fn scheme(&self) -> anyhow::Result<Scheme> {
        if let Some(path) = &self.scheme {
            return schemes::load(path);
        }
        eprintln!(
            "by the reference scheme, for demonstration and not for payment; --scheme names another (see \
             `medfund drg compile`)"
        );
        Ok(schemes::reference())
    }

    pub(super) fn crosswalk(&self) -> anyhow::Result<Option<Crosswalk>> {
        crosswalk::read(&self.crosswalk)
    }
}

impl CasesArgs {
    pub(super) fn open(&self) -> anyhow::Result<CaseList> {
        CaseList::open(&self.cases, self.encoding)
    }
}

//! `medfund import` and `medfund export`: tables into and out of a running suite.

mod export;
mod fetch;
mod import;

use std::path::PathBuf;

use clap::ValueEnum;
use medfund_types::{Area, FundYear, InstitutionCode, SettlementMonth};

pub use export::{ExportArgs, export};
pub(crate) use fetch::{
    bill_row, bills, case_points, group_row, institutions, special_case_row, statement_row,
};
pub use import::{ImportArgs, import};

/// A kind of table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Designated institutions.
    Institutions,
    /// Their last three years.
    History,
    /// Bills of a month, by the national settlement list's field names.
    Bills,
    /// Statements of the months.
    Statements,
}

/// Where a table goes or comes from.
#[derive(Clone, Debug, clap::Args)]
pub struct Place {
    /// The file of the suite (`suite.json` of `medfund up`).
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// The pooling area's six-digit code.
    #[arg(long)]
    area: Option<Area>,
    /// The fund year.
    #[arg(long, value_parser = fund_year)]
    fund_year: Option<FundYear>,
    /// The settlement month, e.g. 2017-01.
    #[arg(long)]
    month: Option<SettlementMonth>,
    /// The institution's national code.
    #[arg(long)]
    institution: Option<InstitutionCode>,
}

fn fund_year(text: &str) -> Result<FundYear, String> {
    let year: i32 = text.parse().map_err(|_| format!("`{text}` is no year"))?;
    FundYear::try_from(year).map_err(|malformed| malformed.to_string())
}

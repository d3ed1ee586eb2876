//! `medfund drg tariff`: makes tariffs (DRG 权重、支付标准) of past cases, reads published ones, and shows what
//! institutions would be paid.

pub(super) mod cases;
mod make;
mod read;
mod row;
pub(super) mod settings;
#[cfg(test)]
mod tests;
mod what_if;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use medfund_money::{Fen, PositiveFen};
use medfund_tariff::table::{self, ReadTable, Words};
use medfund_tariff::{MOST_FEN, Tariff};
use medfund_types::{FundLine, InstitutionCode};

use crate::tables;

/// What stands behind `medfund drg tariff`.
#[derive(Debug, clap::Args)]
pub(super) struct TariffArgs {
    #[command(subcommand)]
    command: TariffCommand,
}

impl TariffArgs {
    /// Where the result goes, if it goes to a file.
    pub(super) fn out(&self) -> Option<&Path> {
        match &self.command {
            TariffCommand::Make(args) => Some(&args.out),
            TariffCommand::Read(_) | TariffCommand::WhatIf(_) => None,
        }
    }
}

#[derive(Debug, Subcommand)]
enum TariffCommand {
    /// Makes weights of a list of cases with their costs (权重测算), and tells how each came about.
    Make(Box<make::MakeArgs>),
    /// Reads a tariff as a region publishes it (CSV in UTF-8 or GB18030, Excel), and tells what is wrong with it.
    Read(read::ReadArgs),
    /// Shows what institutions would be paid by two settings, and how they differ (测算对比).
    WhatIf(Box<what_if::WhatIfArgs>),
}

/// Runs one subcommand.
pub(super) fn run(args: &TariffArgs) -> anyhow::Result<ExitCode> {
    let (text, code) = answer(args)?;
    print!("{text}");
    Ok(code)
}

/// What a subcommand prints, and its exit code.
fn answer(args: &TariffArgs) -> anyhow::Result<(String, ExitCode)> {
    match &args.command {
        TariffCommand::Make(args) => make::answer(args),
        TariffCommand::Read(args) => read::answer(args),
        TariffCommand::WhatIf(args) => what_if::answer(args),
    }
}

/// What the headings of published tariffs call fund lines and institutions.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct WordArgs {
    /// A fund line by its word in headings: 职工=employee.
    #[arg(long = "fund-line", value_name = "WORD=ID", value_parser = fund_line)]
    fund_lines: Vec<(String, FundLine)>,
    /// An institution's code by what headings call it in brackets: 青医=H37020200001. A name alone: the columns are read, and
    /// pay nobody's case.
    #[arg(long = "named", value_name = "NAME[=CODE]", value_parser = institution)]
    institutions: Vec<(String, String)>,
}

impl WordArgs {
    fn words(&self) -> Words {
        Words {
            fund_lines: self.fund_lines.iter().cloned().collect(),
            institutions: self.institutions.iter().cloned().collect(),
        }
    }
}

fn institution(text: &str) -> Result<(String, String), String> {
    let Some((word, code)) = text.split_once('=') else { return Ok((text.to_owned(), text.to_owned())) };
    let code: InstitutionCode = code.parse().map_err(|_| format!("`{code}` is no institution's code"))?;
    Ok((word.to_owned(), code.to_string()))
}

fn fund_line(text: &str) -> Result<(String, FundLine), String> {
    let (word, line) = text.split_once('=').ok_or("write WORD=ID, as 职工=employee")?;
    Ok((word.to_owned(), line.parse().map_err(|_| format!("`{line}` is no fund line's id"))?))
}

/// What a published table came to.
fn read_table(path: &Path, words: &Words) -> anyhow::Result<ReadTable> {
    let rows = medfund_rows::texts(&tables::rows(path)?);
    Ok(table::read(rows.iter().map(|(line, cells)| (*line, cells.as_slice())), words))
}

/// A published tariff that has nothing wrong with it.
pub(super) fn tariff(path: &Path, words: &WordArgs) -> anyhow::Result<Tariff> {
    let table = read_table(path, &words.words())?;
    let n_more = table.problems.len().saturating_sub(1);
    match table.problems.first() {
        None => Ok(table.tariff),
        Some(problem) => {
            let name = path.display();
            let more = if n_more == 0 { String::new() } else { format!(", and {n_more} more") };
            Err(anyhow::anyhow!("{problem}{more} (see `medfund drg tariff read {name}`)"))
                .with_context(|| name.to_string())
        }
    }
}

/// What a weight of 1 pays, in yuan: more than nothing, and not more than the service takes.
pub(super) fn rate_yuan(text: &str) -> Result<PositiveFen, String> {
    let amount = Fen::parse_yuan(text).map_err(|error| error.to_string())?;
    if amount > Fen::new(MOST_FEN) {
        return Err(format!("a rate is at most {}", Fen::new(MOST_FEN)));
    }
    PositiveFen::try_from(amount).map_err(|error| error.to_string())
}

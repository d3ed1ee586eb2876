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
use medfund_tariff::Tariff;
use medfund_tariff::table::{self, ReadTable};

use crate::tables;

/// What stands behind `medfund drg tariff`.
#[derive(Debug, clap::Args)]
pub(super) struct TariffArgs {
    #[command(subcommand)]
    command: TariffCommand,
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

/// What a published table came to.
fn read_table(path: &Path) -> anyhow::Result<ReadTable> {
    let rows: Vec<(usize, Vec<String>)> = tables::rows(path)?
        .into_iter()
        .map(|(line, cells)| (line, cells.iter().map(tables::Cell::to_text).collect()))
        .collect();
    Ok(table::read(rows.iter().map(|(line, cells)| (*line, cells.as_slice()))))
}

/// A published tariff that has nothing wrong with it.
pub(super) fn tariff(path: &Path) -> anyhow::Result<Tariff> {
    let table = read_table(path)?;
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

/// An amount of more than nothing, in yuan.
pub(super) fn positive_yuan(text: &str) -> Result<PositiveFen, String> {
    let amount = Fen::parse_yuan(text).map_err(|error| error.to_string())?;
    PositiveFen::try_from(amount).map_err(|error| error.to_string())
}

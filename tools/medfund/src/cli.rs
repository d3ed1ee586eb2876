//! What may stand on the command line.

use clap::{Parser, Subcommand};

/// Pays for care out of a regional medical-insurance fund (区域医疗保险基金).
#[derive(Debug, Parser)]
#[command(name = "medfund", version, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compiles DRG schemes (疾病诊断相关分组), groups case lists and explains the answers.
    Drg(crate::drg::Args),
    /// Checks, prints and compares policy packs (政策包).
    Policy(crate::policy::Args),
    /// Shows who has to do what under a notice (任务分工), and what is overdue.
    Tasks(crate::tasks::TasksArgs),
    /// Starts the whole suite on this machine, until Ctrl-C.
    Up(crate::hosting::up::UpArgs),
    /// Prints a token that lets a client into a suite of `up`.
    Token(crate::token::TokenArgs),
    /// Runs one service in this process; settings come from the environment.
    Serve(crate::hosting::serve::ServeArgs),
    /// Brings one service's database up to date.
    Migrate(crate::hosting::serve::MigrateArgs),
    /// Lives a whole fund year of a sample region and shows what came of it.
    Year(crate::year::Args),
    /// Lives a sample year twice, under a pack and under other numbers, and shows who gains and loses.
    WhatIf(crate::what_if::Args),
    /// Measures how much a suite of this machine takes.
    Load(crate::load::LoadArgs),
    /// Writes a seeded sample region to a folder.
    Sample(crate::sample::SampleArgs),
    /// Checks the ledgers against everything else that tells of the same money.
    Ledger(crate::ledger::LedgerArgs),
    /// Reads a table (CSV, Excel) into a running suite, or only checks it.
    Import(crate::exchange::ImportArgs),
    /// Writes a table (CSV, Excel) of what a running suite holds.
    Export(crate::exchange::ExportArgs),
    /// Shows the tree of inputs, formula and clause that made an amount.
    Explain(crate::explain::ExplainArgs),
}

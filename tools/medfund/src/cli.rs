//! What may stand on the command line.

use clap::{Parser, Subcommand};

use crate::policy;

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
    /// Checks, prints and compares policy packs (政策包).
    Policy(policy::Args),
}

//! `medfund policy`: checks, prints and compares policy packs (政策包).

mod check;
mod diff;
mod draw;
mod show;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use medfund_policy::Mistake;

use crate::packs;
use crate::print::wide_table as table;

/// What stands behind `medfund policy`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: PolicyCommand,
}

/// What to do with policy packs.
#[derive(Debug, Subcommand)]
enum PolicyCommand {
    /// Checks packs and prints every mistake as `file:line: key: reason`.
    Check {
        /// The packs' files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Prints a pack by section: key, term, value and clause.
    Show {
        /// The pack: an id of those built in, or a file.
        #[arg(value_name = "ID|FILE")]
        pack: String,
        /// Only the section with this key and what lies below it, e.g. `budget.reserve`.
        #[arg(long)]
        section: Option<String>,
        /// Only what the notice leaves open.
        #[arg(long)]
        defaults: bool,
    },
    /// Prints two packs side by side where they differ; exits with 2 when they do.
    Diff {
        /// One pack: an id of those built in, or a file.
        #[arg(value_name = "ID|FILE")]
        left: String,
        /// The other pack.
        #[arg(value_name = "ID|FILE")]
        right: String,
        /// Also what is equal.
        #[arg(long)]
        all: bool,
    },
    /// Prints a valid pack drawn at random, to try a region out on.
    Draw {
        /// The same seed draws the same pack.
        #[arg(long)]
        seed: u64,
        /// Among packs that cap what a month pays and defer the rest.
        #[arg(long)]
        deferral: bool,
    },
}

/// Runs one subcommand.
///
/// # Errors
///
/// A file that cannot be read, or, except for `check`, that is no valid pack.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.command {
        PolicyCommand::Check { files } => check::run(files),
        PolicyCommand::Show { pack, section, defaults } => {
            println!("{}", show::text(&packs::load(pack)?.pack, section.as_deref(), *defaults)?.trim_end());
            Ok(ExitCode::SUCCESS)
        }
        PolicyCommand::Diff { left, right, all } => {
            let (left, right) = (packs::load(left)?.pack, packs::load(right)?.pack);
            let difference = diff::between(&left, &right, *all);
            println!("{}", difference.text.trim_end());
            Ok(if difference.n_differing == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
        }
        PolicyCommand::Draw { seed, deferral } => {
            println!("{}", draw::text(*seed, *deferral).trim_end());
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Every mistake on a line of its own.
fn listed(file: &Path, mistakes: &[Mistake]) -> String {
    let file = file.display().to_string();
    mistakes.iter().map(|mistake| mistake.in_file(&file)).collect::<Vec<_>>().join("\n")
}

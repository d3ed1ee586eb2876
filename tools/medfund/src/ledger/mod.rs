//! `medfund ledger check`: do the ledgers agree with everything else that tells of the same money?

mod books;
mod check;
mod fetch;

use std::path::PathBuf;
use std::process::ExitCode;

use comfy_table::Table;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use medfund_types::Area;

pub use books::{Book, Books, Order, Posted, Prepaid, Stated};
pub use check::{Finding, check};
pub use fetch::fetch;

use crate::suite::{People, Session, SuiteFile};

/// What `medfund ledger` is given.
#[derive(Debug, clap::Args)]
pub struct LedgerArgs {
    #[command(subcommand)]
    command: LedgerCommand,
}

#[derive(Debug, clap::Subcommand)]
enum LedgerCommand {
    /// Compares balances with transfers, statements, prepayments, payment orders and the other side of every
    /// transit account.
    Check {
        /// The file of the suite (`suite.json` of `medfund up`).
        #[arg(long, value_name = "FILE")]
        against: PathBuf,
        /// The pooling area's six-digit code.
        #[arg(long)]
        area: Area,
        /// The fund year.
        #[arg(long)]
        fund_year: i32,
    },
}

/// Checks the ledgers of a suite; exits with 2 when something disagrees.
///
/// # Errors
///
/// If a service refuses to tell.
pub async fn run(args: LedgerArgs) -> anyhow::Result<ExitCode> {
    let LedgerCommand::Check { against, area, fund_year } = args.command;
    let session = Session::open(&SuiteFile::read(&against)?, "ledger")?;
    let books = fetch(&session, &People::of(&area), &area, fund_year).await?;
    let findings = check(&books);
    let n_transfers: usize = books.books.iter().map(|book| book.transfers.len()).sum();
    println!(
        "{n_transfers} transfers, {} statements, {} prepayments, {} payment orders: {} findings",
        books.statements.len(),
        books.prepayments.len(),
        books.orders.len(),
        findings.len()
    );
    if findings.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_header(["ledger", "what", "where", "detail"]);
    for finding in findings {
        table.add_row([finding.service, finding.what.to_owned(), finding.place, finding.detail]);
    }
    println!("{table}");
    Ok(ExitCode::from(2))
}

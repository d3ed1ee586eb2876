//! Whether the ledgers of the suite agree with everything else, as `medfund ledger check` looks at them.

use super::report::Check;
use crate::ledger;
use crate::sample::Region;
use crate::suite::{People, Session};

/// Compares the ledgers with what services say of the same money.
pub(super) async fn check(session: &Session, region: &Region) -> anyhow::Result<Vec<Check>> {
    let people = People::of(&region.area);
    let books = ledger::fetch(session, &people, &region.area, region.fund_year.get()).await?;
    let balances = || books.books.iter().flat_map(|book| &book.balances);
    let in_transit = balances().filter(|(account, _)| account.starts_with("transit/"));
    Ok(vec![
        Check::new("balances of all accounts together, fen", 0, balances().map(|(_, fen)| fen).sum()),
        Check::new("still on its way between services, fen", 0, in_transit.map(|(_, fen)| fen).sum()),
        Check::new("findings of the ledger check", 0, i64::try_from(ledger::check(&books).len())?),
    ])
}

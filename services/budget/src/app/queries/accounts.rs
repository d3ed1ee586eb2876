use medfund_ledger::{Account, AccountKind, Balance, Transfer};
use medfund_money::{Derivation, Fen};

use super::{Page, read};
use crate::app::{App, Error, Read};
use crate::store;

impl App {
    /// Why an amount is what it is.
    pub(crate) async fn explanation(&self, read: Read, amount: String) -> Result<Derivation, Error> {
        let area = read.area.clone();
        read!(self, read, |conn| {
            store::derivations::find(conn, &area, &amount).await?.ok_or(Error::UnknownAmount(amount))
        })
    }

    /// The accounts with their balances, and the sum of those towards `settlement`.
    pub(crate) async fn ledger_accounts(&self, read: Read) -> Result<(Vec<(Account, Balance)>, Fen), Error> {
        let area = read.area.clone();
        read!(self, read, |conn| {
            let balances = medfund_db::ledger::balances(conn, &area).await?;
            let transit = balances.net_of(AccountKind::Transit);
            Ok((balances.iter().map(|(account, balance)| (account.clone(), balance)).collect(), transit))
        })
    }

    /// The transfers in the order they were posted.
    pub(crate) async fn ledger_transfers(
        &self,
        read: Read,
        page: Page<i64>,
    ) -> Result<Vec<(i64, Transfer)>, Error> {
        let area = read.area.clone();
        let limit = i64::try_from(page.size + 1).expect("a page is small");
        read!(self, read, |conn| {
            Ok(medfund_db::ledger::transfers(conn, &area, page.after.unwrap_or(0), limit).await?)
        })
    }
}

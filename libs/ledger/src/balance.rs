use std::collections::BTreeMap;

use medfund_money::Fen;
use serde::{Deserialize, Serialize};

use crate::{Account, AccountKind, Side, Transfer};

/// What was debited and credited to an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// The sum of its debits.
    pub debits: Fen,
    /// The sum of its credits.
    pub credits: Fen,
}

impl Balance {
    /// Credits less debits, what entered less what left: sums to zero over a ledger.
    #[must_use]
    pub fn net(self) -> Fen {
        self.credits - self.debits
    }

    /// The balance on the side on which accounts of `kind` normally grow.
    #[must_use]
    pub fn normal(self, kind: AccountKind) -> Fen {
        match kind.normal_side() {
            Side::Debit => -self.net(),
            Side::Credit => self.net(),
        }
    }
}

/// The balances of a ledger's accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances(BTreeMap<Account, Balance>);

impl Balances {
    /// The balances after `transfers`.
    #[must_use]
    pub fn of<'a>(transfers: impl IntoIterator<Item = &'a Transfer>) -> Self {
        let mut balances = Self::default();
        transfers.into_iter().for_each(|transfer| balances.post(transfer));
        balances
    }

    /// Posts one transfer.
    pub fn post(&mut self, transfer: &Transfer) {
        self.0.entry(transfer.debit().clone()).or_default().debits += transfer.amount();
        self.0.entry(transfer.credit().clone()).or_default().credits += transfer.amount();
    }

    /// The balance of an account; nothing if it was never used.
    #[must_use]
    pub fn get(&self, account: &Account) -> Balance {
        self.0.get(account).copied().unwrap_or_default()
    }

    /// Every account that was used, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&Account, Balance)> {
        self.0.iter().map(|(account, balance)| (account, *balance))
    }

    /// Credits less debits of all accounts: zero, or rows were lost.
    #[must_use]
    pub fn trial_balance(&self) -> Fen {
        self.0.values().map(|balance| balance.net()).sum()
    }

    /// Credits less debits of all accounts of a kind.
    #[must_use]
    pub fn net_of(&self, kind: AccountKind) -> Fen {
        self.0.iter().filter(|(account, _)| account.kind() == kind).map(|(_, balance)| balance.net()).sum()
    }

    /// The accounts whose balances differ from those of `other`, e.g. rolled up and computed again.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<(Account, Balance, Balance)> {
        let mut accounts: Vec<&Account> = self.0.keys().chain(other.0.keys()).collect();
        accounts.sort();
        accounts.dedup();
        let pairs = accounts.into_iter().map(|account| (account, self.get(account), other.get(account)));
        pairs.filter(|(_, a, b)| a != b).map(|(account, a, b)| (account.clone(), a, b)).collect()
    }
}

impl FromIterator<(Account, Balance)> for Balances {
    fn from_iter<I: IntoIterator<Item = (Account, Balance)>>(balances: I) -> Self {
        Self(balances.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use medfund_money::PositiveFen;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn account(n: usize) -> Account {
        Account::new(AccountKind::ALL[n % 20], [format!("a{n}")]).unwrap()
    }

    fn transfer((debit, step, fen): (usize, usize, i64)) -> Transfer {
        let amount = PositiveFen::try_from(fen).unwrap();
        Transfer::new(Uuid::nil(), account(debit), account(debit + step), amount, "x", "r").unwrap()
    }

    proptest! {
        #[test]
        fn every_ledger_sums_to_zero_in_any_order(
            moves in prop::collection::vec((0..20_usize, 1..20_usize, 1..1_000_000_000_i64), 0..50),
        ) {
            let mut transfers: Vec<Transfer> = moves.into_iter().map(transfer).collect();
            let balances = Balances::of(&transfers);
            transfers.reverse();

            prop_assert_eq!(balances.trial_balance(), Fen::ZERO);
            prop_assert_eq!(AccountKind::ALL.map(|kind| balances.net_of(kind)).into_iter().sum::<Fen>(), Fen::ZERO);
            prop_assert!(Balances::of(&transfers).differences(&balances).is_empty());
        }

        #[test]
        fn a_transfer_that_is_left_out_shows_in_both_its_accounts(
            moves in prop::collection::vec((0..20_usize, 1..20_usize, 1..1_000_000_000_i64), 1..50),
            lost in any::<prop::sample::Index>(),
        ) {
            let transfers: Vec<Transfer> = moves.into_iter().map(transfer).collect();
            let mut fewer = transfers.clone();
            let gone = fewer.remove(lost.index(transfers.len()));

            let differences = Balances::of(&transfers).differences(&Balances::of(&fewer));

            let accounts: Vec<&Account> = differences.iter().map(|(account, _, _)| account).collect();
            prop_assert_eq!(accounts.len(), 2);
            prop_assert!(accounts.contains(&gone.debit()) && accounts.contains(&gone.credit()));
        }
    }

    #[test]
    fn a_quota_grows_by_credit() {
        let balance = Balance { debits: Fen::new(30), credits: Fen::new(100) };
        assert_eq!(balance.net(), Fen::new(70));
        assert_eq!(balance.normal(AccountKind::Quota), Fen::new(70));
        assert_eq!(balance.normal(AccountKind::Bank), Fen::new(-70));
    }
}

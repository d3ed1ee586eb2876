use std::collections::BTreeMap;

use medfund_money::Fen;

use crate::{Account, AccountKind, Transfer};

/// The side of a transit account on which something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// The first ledger.
    Here,
    /// The second ledger.
    There,
}

/// Two ledgers that do not agree on a transit account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// One side has no transfer for what the other side transferred.
    Missing {
        /// The side that has none.
        side: Where,
        /// The transit account.
        account: Account,
        /// What caused the transfer.
        reference: String,
        /// What the other side debited, less what it credited.
        amount: Fen,
    },
    /// One side has a transfer more often than the other.
    Doubled {
        /// The side that has it more often.
        side: Where,
        /// The transit account.
        account: Account,
        /// What caused the transfer.
        reference: String,
        /// What one such transfer debits, less what it credits.
        amount: Fen,
        /// How often that side has it.
        times: usize,
    },
    /// The sides transferred different amounts.
    Differs {
        /// The transit account.
        account: Account,
        /// What caused the transfers.
        reference: String,
        /// The first ledger's debits less credits.
        here: Fen,
        /// The second ledger's debits less credits.
        there: Fen,
    },
}

/// How often each amount (debits less credits) was transferred.
type Amounts = BTreeMap<Fen, usize>;

/// Compares the transit accounts of two ledgers, transfer by transfer.
///
/// What one side debits the other credits, for the same reference. Returns
/// nothing when all of it agrees; else every account and reference that does
/// not, by account and reference.
#[must_use]
pub fn compare_transit<'a>(
    here: impl IntoIterator<Item = &'a Transfer>,
    there: impl IntoIterator<Item = &'a Transfer>,
) -> Vec<Finding> {
    let mut keys: BTreeMap<(Account, String), (Amounts, Amounts)> = BTreeMap::new();
    for (account, reference, amount) in here.into_iter().flat_map(transit_legs) {
        *keys.entry((account, reference)).or_default().0.entry(amount).or_default() += 1;
    }
    for (account, reference, amount) in there.into_iter().flat_map(transit_legs) {
        // With the sign of the other side, so that equal means agreed.
        *keys.entry((account, reference)).or_default().1.entry(-amount).or_default() += 1;
    }
    keys.into_iter().filter(|(_, (a, b))| a != b).map(finding).collect()
}

fn transit_legs(transfer: &Transfer) -> impl Iterator<Item = (Account, String, Fen)> {
    let legs = [(transfer.debit(), transfer.amount()), (transfer.credit(), -transfer.amount())];
    legs.into_iter()
        .filter(|(account, _)| account.kind() == AccountKind::Transit)
        .map(|(account, amount)| (account.clone(), transfer.reference().to_owned(), amount))
}

fn finding(((account, reference), (here, there)): ((Account, String), (Amounts, Amounts))) -> Finding {
    let (total_here, total_there) = (total(&here), total(&there));
    if there.is_empty() {
        return Finding::Missing { side: Where::There, account, reference, amount: total_here };
    }
    if here.is_empty() {
        return Finding::Missing { side: Where::Here, account, reference, amount: -total_there };
    }
    let same_amounts = here.keys().eq(there.keys());
    let odd = here.iter().map(|(amount, n)| (*amount, *n, there.get(amount).copied().unwrap_or_default()));
    match odd.into_iter().find(|(_, n_here, n_there)| n_here != n_there) {
        Some((amount, n_here, n_there)) if same_amounts => {
            let (side, amount, times) = if n_here > n_there {
                (Where::Here, amount, n_here)
            } else {
                (Where::There, -amount, n_there)
            };
            Finding::Doubled { side, account, reference, amount, times }
        }
        _ => Finding::Differs { account, reference, here: total_here, there: -total_there },
    }
}

fn total(amounts: &Amounts) -> Fen {
    amounts.iter().map(|(amount, n)| (0..*n).map(|_| *amount).sum::<Fen>()).sum()
}

#[cfg(test)]
mod tests {
    use medfund_money::PositiveFen;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn transit() -> Account {
        Account::transit("budget", "settlement", ["2017", "employee"]).unwrap()
    }

    fn other(kind: AccountKind) -> Account {
        Account::new(kind, ["2017", "employee"]).unwrap()
    }

    /// What budget sends for reference `n`, and what settlement takes.
    fn sent(n: usize, fen: i64) -> Transfer {
        let amount = PositiveFen::try_from(fen).unwrap();
        let (debit, credit) = (other(AccountKind::Target), transit());
        Transfer::new(Uuid::nil(), debit, credit, amount, "quota_decided", &format!("event-{n}")).unwrap()
    }

    fn taken(n: usize, fen: i64) -> Transfer {
        let amount = PositiveFen::try_from(fen).unwrap();
        let (debit, credit) = (transit(), other(AccountKind::Quota));
        Transfer::new(Uuid::nil(), debit, credit, amount, "quota_received", &format!("event-{n}")).unwrap()
    }

    fn sides(fen: &[i64]) -> (Vec<Transfer>, Vec<Transfer>) {
        let here = fen.iter().enumerate().map(|(n, fen)| sent(n, *fen)).collect();
        let there = fen.iter().enumerate().map(|(n, fen)| taken(n, *fen)).collect();
        (here, there)
    }

    proptest! {
        #[test]
        fn a_planted_missing_transfer_is_found(
            fen in prop::collection::vec(1..1_000_000_i64, 1..30),
            planted in any::<prop::sample::Index>(),
        ) {
            let (here, mut there) = sides(&fen);
            prop_assert!(compare_transit(&here, &there).is_empty());
            let n = planted.index(there.len());
            there.remove(n);

            let findings = compare_transit(&here, &there);

            let amount = Fen::new(-fen[n]);
            let (account, reference) = (transit(), format!("event-{n}"));
            prop_assert_eq!(findings, [Finding::Missing { side: Where::There, account, reference, amount }]);
        }

        #[test]
        fn a_planted_doubled_transfer_is_found(
            fen in prop::collection::vec(1..1_000_000_i64, 1..30),
            planted in any::<prop::sample::Index>(),
        ) {
            let (here, mut there) = sides(&fen);
            let n = planted.index(there.len());
            there.push(taken(n, fen[n]));

            let findings = compare_transit(&here, &there);

            let amount = Fen::new(fen[n]);
            let (account, reference) = (transit(), format!("event-{n}"));
            let expected = Finding::Doubled { side: Where::There, account, reference, amount, times: 2 };
            prop_assert_eq!(findings, [expected]);
        }
    }

    #[test]
    fn two_amounts_for_one_reference_differ() {
        let findings = compare_transit(&[sent(0, 100)], &[taken(0, 90)]);

        let (here, there) = (Fen::new(-100), Fen::new(90));
        let expected = Finding::Differs { account: transit(), reference: "event-0".to_owned(), here, there };
        assert_eq!(findings, [expected]);
    }

    #[test]
    fn one_reference_may_move_several_amounts() {
        let here = [sent(0, 100), sent(0, 50), sent(0, 50)];
        let there = [taken(0, 50), taken(0, 100), taken(0, 50)];
        assert!(compare_transit(&here, &there).is_empty());
    }
}

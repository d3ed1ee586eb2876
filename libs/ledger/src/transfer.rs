use medfund_money::{Fen, PositiveFen};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Account, LedgerError};

/// A move of money: debits one account and credits another.
///
/// It is never changed; a correction is a new transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    id: Uuid,
    debit: Account,
    credit: Account,
    amount: Fen,
    code: String,
    reference: String,
}

impl Transfer {
    /// A transfer of `amount`.
    ///
    /// - `id`: chosen so that doing the same again gives the same id; a ledger takes each once.
    /// - `code`: why, one lower-case word of the service, e.g. `quota_decided`.
    /// - `reference`: what caused it; both sides of a transit account write the same.
    ///
    /// # Errors
    ///
    /// [`LedgerError::SameAccount`], [`LedgerError::NotACode`], [`LedgerError::NoReference`].
    pub fn new(
        id: Uuid,
        debit: Account,
        credit: Account,
        amount: PositiveFen,
        code: &str,
        reference: &str,
    ) -> Result<Self, LedgerError> {
        if debit == credit {
            return Err(LedgerError::SameAccount(debit));
        }
        let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if code.is_empty() || code.len() > 64 || !code.bytes().all(word) {
            return Err(LedgerError::NotACode(code.chars().take(80).collect()));
        }
        if reference.is_empty() || reference.len() > 200 {
            return Err(LedgerError::NoReference);
        }
        let (code, reference) = (code.to_owned(), reference.to_owned());
        Ok(Self { id, debit, credit, amount: amount.get(), code, reference })
    }

    /// A transfer of an amount of either sign: a negative one goes the other way, nothing is none.
    ///
    /// # Errors
    ///
    /// As [`Transfer::new`].
    pub fn signed(
        id: Uuid,
        debit: Account,
        credit: Account,
        amount: Fen,
        code: &str,
        reference: &str,
    ) -> Result<Option<Self>, LedgerError> {
        let (debit, credit) = if amount.is_negative() { (credit, debit) } else { (debit, credit) };
        let magnitude = if amount.is_negative() { -amount } else { amount };
        let Ok(amount) = PositiveFen::try_from(magnitude) else { return Ok(None) };
        Self::new(id, debit, credit, amount, code, reference).map(Some)
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The account it debits.
    #[must_use]
    pub fn debit(&self) -> &Account {
        &self.debit
    }

    /// The account it credits.
    #[must_use]
    pub fn credit(&self) -> &Account {
        &self.credit
    }

    /// How much, more than zero.
    #[must_use]
    pub fn amount(&self) -> Fen {
        self.amount
    }

    /// Why.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What caused it.
    #[must_use]
    pub fn reference(&self) -> &str {
        &self.reference
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AccountKind;

    fn account(name: &str) -> Account {
        Account::new(AccountKind::Quota, [name]).unwrap()
    }

    fn signed(fen: i64) -> Option<Transfer> {
        Transfer::signed(Uuid::nil(), account("a"), account("b"), Fen::new(fen), "adjusted", "r").unwrap()
    }

    #[test]
    fn a_negative_amount_goes_the_other_way_and_nothing_is_none() {
        let there = signed(5).unwrap();
        let back = signed(-5).unwrap();

        assert_eq!(
            (there.debit(), there.credit(), there.amount()),
            (&account("a"), &account("b"), Fen::new(5))
        );
        assert_eq!((back.debit(), back.credit(), back.amount()), (&account("b"), &account("a"), Fen::new(5)));
        assert_eq!(signed(0), None);
    }

    #[test]
    fn a_transfer_needs_two_accounts_a_code_and_a_reference() {
        let make = |credit: &str, code: &str, reference: &str| {
            let amount = PositiveFen::try_from(1).unwrap();
            Transfer::new(Uuid::nil(), account("a"), account(credit), amount, code, reference)
        };
        assert_eq!(make("a", "x", "r"), Err(LedgerError::SameAccount(account("a"))));
        assert_eq!(make("b", "", "r"), Err(LedgerError::NotACode(String::new())));
        assert_eq!(make("b", "X y", "r"), Err(LedgerError::NotACode("X y".to_owned())));
        assert_eq!(make("b", "x", ""), Err(LedgerError::NoReference));
    }
}

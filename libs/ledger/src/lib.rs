//! The ledger's rules, pure: accounts, transfers between them, balances and what must hold.
//!
//! A money move is one [`Transfer`]: it debits one account and credits another
//! with one amount, so that a ledger sums to zero by construction. Services
//! keep ledgers of their own and meet in transit accounts: what one pays into
//! a transit account, the other takes out of its account of the same name.
//! [`compare_transit`] finds a transfer that is missing or doubled on one side.

mod account;
mod balance;
mod chart;
mod handover;
mod transfer;
mod transit;

pub use account::Account;
pub use balance::{Balance, Balances};
pub use chart::{AccountKind, Side};
pub use handover::{Handed, Handover};
pub use transfer::Transfer;
pub use transit::{Finding, Where, compare_transit};

/// An account or a transfer that the ledger does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The name is not `kind/part/…` of the chart of accounts.
    #[error("`{0}` is not an account of the chart")]
    NotAnAccount(String),
    /// Debit and credit are the same account.
    #[error("a transfer needs two accounts, `{0}` is both")]
    SameAccount(Account),
    /// The code is not a word in lower-case letters and `_`.
    #[error("`{0}` is not a transfer code")]
    NotACode(String),
    /// The reference is empty or too long.
    #[error("a transfer needs a reference of 1 to 200 characters")]
    NoReference,
}

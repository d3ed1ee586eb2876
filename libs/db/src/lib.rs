//! The one write path, the outbox and feeds, and the ledger's tables.

mod call;

pub use call::{Call, Caller};

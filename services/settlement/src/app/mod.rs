//! What settlement does: one command a file; the only place that opens a transaction.

pub mod bills;

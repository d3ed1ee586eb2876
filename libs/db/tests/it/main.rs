//! The write path, feeds, audit and ledger on a real PostgreSQL.

mod common;
mod write;

//! The write path, feeds, audit and ledger on a real PostgreSQL.

mod audit;
mod common;
mod consumer;
mod feed;
mod jobs;
mod ledger;
mod lock;
mod migrations;
mod roles;
mod scope;
mod tls;
mod write;

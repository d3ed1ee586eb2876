#![doc = include_str!("../README.md")]

pub mod audit;
mod call;
mod claim;
mod config;
mod connect;
mod consumer;
mod database;
mod error;
mod failpoint;
pub mod feed;
pub mod jobs;
pub mod ledger;
pub mod lock;
pub mod migrations;
mod outbox;
mod read;
mod schema;
mod sequencer;
mod session;
pub mod setup;
mod tls;
mod tx;
mod write;

pub use call::{Call, Caller};
pub use config::{DatabaseConfig, TlsConfig};
pub use consumer::{Consumer, EventHandler, EventSource};
pub use database::Database;
pub use diesel_async::AsyncPgConnection;
pub use error::{ConstraintKind, DbError};
#[cfg(feature = "failpoints")]
pub use failpoint::{Failpoints, arm_failpoints};
pub use read::Reader;
pub use tx::Tx;
pub use write::Writer;

//! What tests stand on: a private PostgreSQL for the process, a database for
//! each test, and services on free ports with callers of every role.

mod authority;
mod cluster;
mod database;
mod peer;
mod schema;
mod service;

pub use cluster::cluster;
pub use database::TestDatabase;
pub use medfund_dev::{Claims, Principal};
pub use peer::TestPeer;
pub use service::{AREA, TestService, TestServiceBuilder};

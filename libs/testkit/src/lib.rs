//! What tests stand on: a private PostgreSQL for the process, a database for
//! each test, and services on free ports with callers of every role.

mod authority;
mod bad_requests;
mod cluster;
mod database;
mod drg;
mod packs;
mod peer;
mod refusals;
mod schema;
mod service;
mod tape;
mod tell_again;

pub use bad_requests::{BadRequests, Refused};
pub use cluster::cluster;
pub use database::TestDatabase;
pub use medfund_dev::{Claims, Principal};
pub use peer::TestPeer;
pub use refusals::{Refusals, rpcs};
pub use service::{AREA, TestService, TestServiceBuilder};
pub use tape::TestChannel;

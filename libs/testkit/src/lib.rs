//! What tests stand on: a private PostgreSQL for the process and a database for each test.

mod cluster;
mod database;

pub use cluster::cluster;
pub use database::TestDatabase;

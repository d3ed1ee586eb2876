//! Starting a suite on this machine: a database, an authority, and a process for each service.

mod child;
mod database;
mod install;
pub mod serve;
mod start;
pub mod up;

pub use start::{Hosted, Hosting};

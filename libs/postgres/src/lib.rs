//! A private PostgreSQL: found, initialised, started, watched and stopped by this process.
//!
//! The server runs as a child on a unix socket in a folder of its own. When
//! this process is root, it runs as another user, since PostgreSQL refuses
//! root. A small watcher process holds the read end of a pipe from this
//! process: when this process ends in whatever way, the pipe closes and the
//! watcher stops the server. That needs no `unsafe`, works on every Unix, and
//! unlike a parent-death signal does not depend on the thread that spawned.

mod binaries;
mod cluster;
mod error;
mod launch;
mod lockfile;
mod port;
mod prepare;
mod user;
mod watcher;

pub use binaries::Binaries;
pub use cluster::{Postgres, Settings, Tls};
pub use error::PostgresError;
pub use port::HeldPort;

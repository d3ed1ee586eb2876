#![doc = include_str!("../README.md")]

mod access;
mod client;
mod clock;
mod config;
mod connections;
mod context;
pub mod convert;
mod database;
mod error;
mod feed;
mod gate;
mod health;
mod issuer_keys;
mod listen;
mod metrics;
mod program;
mod server;
mod signal;
mod telemetry;
mod token;
mod violations;

pub use access::declared_access;
pub use client::{AuthenticatedChannel, Bearer, channel};
pub use clock::Clock;
pub use config::{Config, Limits, Secret, Tls, TokenIssuer};
pub use context::{Context, accept};
pub use database::database_status;
pub use error::{ErrorReason, Reason};
pub use feed::RemoteFeed;
pub use listen::Listen;
pub use program::{ServeError, program, run_until_signal};
pub use server::{Server, ServerError};
pub use signal::stop_on_signal;
pub use telemetry::Telemetry;
pub use tokio_util::sync::CancellationToken;
pub use violations::{FieldProblem, Violations};

//! The drg service as a program of its own: `serve`, `migrate`, `check-config`.

use std::process::ExitCode;

use medfund_drg::{load, migrate, serve};

#[tokio::main]
async fn main() -> ExitCode {
    medfund_server::program("drg", load, migrate, serve).await
}

//! The budget service as a program of its own: `serve`, `migrate`, `check-config`.

use std::process::ExitCode;

use medfund_budget::{load, migrate, serve};

#[tokio::main]
async fn main() -> ExitCode {
    medfund_server::program("budget", load, migrate, serve).await
}

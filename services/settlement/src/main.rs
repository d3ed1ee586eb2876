//! The settlement service as a program of its own: `serve`, `migrate`, `check-config`.

use std::process::ExitCode;

use medfund_settlement::{load, migrate, serve};

#[tokio::main]
async fn main() -> ExitCode {
    medfund_server::program("settlement", load, migrate, serve).await
}

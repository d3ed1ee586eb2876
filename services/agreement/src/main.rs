//! The agreement service as a program of its own: `serve`, `migrate`, `check-config`.

use std::process::ExitCode;

use medfund_agreement::{load, migrate, serve};

#[tokio::main]
async fn main() -> ExitCode {
    medfund_server::program("agreement", load, migrate, serve).await
}

//! The RPCs: what comes in becomes a command, what goes out a message.

mod batch;
mod convert;
mod crosswalk;
mod grouping;
mod history;
mod many;
mod scheme;
mod status;
mod stream;
mod tariff;

use crate::app::App;

/// Serves the RPCs of all services of this program.
#[derive(Clone)]
pub(crate) struct Grpc {
    app: App,
}

impl Grpc {
    pub(crate) fn new(app: App) -> Self {
        Self { app }
    }
}

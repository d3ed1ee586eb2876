//! The RPCs: what comes in becomes a command, what goes out a message.

mod budget;
mod calendar;
mod convert;
mod decision;
mod policy;
mod reasons;
mod status;
mod task;

use crate::app::App;

/// Serves the RPCs of all services of the budget.
#[derive(Clone)]
pub(crate) struct Grpc {
    app: App,
}

impl Grpc {
    pub(crate) fn new(app: App) -> Self {
        Self { app }
    }
}

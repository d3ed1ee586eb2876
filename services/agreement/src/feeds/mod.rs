//! What this service does when it hears of other services' events.

mod budget;

pub(crate) use budget::Budget;

//! What this service hears from others: it keeps its own copies and posts what is handed over.

mod agreement;
mod budget;
mod drg;

use chrono::NaiveDate;
use medfund_db::DbError;
use medfund_proto::feed::v1::Event;
use medfund_proto::google::r#type::Date;
use medfund_types::Area;

use crate::domain::DrgKind;

pub(crate) use agreement::AgreementFeed;
pub(crate) use budget::BudgetFeed;
pub(crate) use drg::DrgFeed;

/// Why an event did not take effect; it is tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FeedError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A pack could not be fetched, or is not what its hash says.
    #[error("the pack {hash} cannot be had: {why}")]
    Pack { hash: String, why: String },
    /// A scheme or tariff could not be fetched, or is not what its hash says.
    #[error("the {kind} {hash} cannot be had: {why}")]
    Drg { kind: DrgKind, hash: String, why: String },
}

impl From<diesel::result::Error> for FeedError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

/// A code or number of an event, parsed.
fn parsed<T>(event: &Event, what: &str, value: Result<T, impl Sized>) -> Result<T, DbError> {
    value.map_err(|_| malformed(event, what))
}

/// The event's area.
fn area(event: &Event) -> Result<Area, DbError> {
    parsed(event, "area", event.area.parse())
}

/// Something in an event that its sender never sends.
fn malformed(event: &Event, what: &str) -> DbError {
    DbError::Feed {
        source_name: event.kind.clone(),
        position: event.position,
        what: format!("`{what}` is malformed"),
    }
}

fn date(event: &Event, what: &str, date: Option<Date>) -> Result<NaiveDate, DbError> {
    medfund_server::convert::date(date).map_err(|_| malformed(event, what))
}

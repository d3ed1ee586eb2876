use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use crate::DbError;
use crate::schema::outbox;

/// An event that waits for the end of its transaction.
pub(crate) struct PendingEvent {
    pub(crate) event_id: Uuid,
    pub(crate) kind: String,
    pub(crate) payload: Vec<u8>,
}

/// Writes a transaction's events, in the order they were emitted.
///
/// Called last before the commit: a transaction that waited for another's lock
/// then gets the higher `insert_order`, and the feed keeps the order of causes.
pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    area: &str,
    instant: DateTime<Utc>,
    events: &[PendingEvent],
) -> Result<(), DbError> {
    for chunk in events.chunks(1_000) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|event| {
                (
                    outbox::area.eq(area),
                    outbox::event_id.eq(event.event_id),
                    outbox::kind.eq(&event.kind),
                    outbox::payload.eq(&event.payload),
                    outbox::create_time.eq(instant),
                )
            })
            .collect();
        diesel::insert_into(outbox::table).values(rows).execute(conn).await?;
    }
    Ok(())
}

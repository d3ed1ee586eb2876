//! The service's own feed: its committed events, in order.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use medfund_proto::feed::v1::{Cursor, Event, GetFeedStatusResponse};
use tokio::time::Instant;
use uuid::Uuid;

use crate::schema::{feed_cursors, heads, outbox};
use crate::session::Scope;
use crate::{Database, DbError};

/// How often a waiting reader looks for events that another process numbered.
const LOOK: Duration = Duration::from_millis(200);

type EventRow = (Option<i64>, Uuid, String, String, Vec<u8>, DateTime<Utc>);

/// Reads events after a position, in order and without gaps.
///
/// - `limit`: the most events to return.
/// - `wait`: how long to wait for the first event when there is none.
///
/// # Errors
///
/// [`DbError::Unavailable`], [`DbError::PoolExhausted`].
pub async fn read(
    database: &Database,
    after_position: i64,
    limit: i64,
    wait: Duration,
) -> Result<Vec<Event>, DbError> {
    let deadline = Instant::now() + wait;
    let mut numbered = database.numbered();
    loop {
        numbered.mark_unchanged();
        let events = read_now(database, after_position, limit).await?;
        let now = Instant::now();
        if !events.is_empty() || now >= deadline {
            return Ok(events);
        }
        // Whichever comes first: a wake-up, the next look, the end.
        let _ = tokio::time::timeout(LOOK.min(deadline - now), numbered.changed()).await;
    }
}

async fn read_now(database: &Database, after_position: i64, limit: i64) -> Result<Vec<Event>, DbError> {
    let mut session = database.background_session().await?;
    session.begin("BEGIN READ ONLY", Scope::SUITE).await?;
    let rows: Vec<EventRow> = outbox::table
        .filter(outbox::position.gt(after_position))
        .order(outbox::position)
        .limit(limit)
        .select((
            outbox::position,
            outbox::event_id,
            outbox::area,
            outbox::kind,
            outbox::payload,
            outbox::create_time,
        ))
        .load(session.conn())
        .await?;
    session.rollback().await?;
    Ok(rows.into_iter().map(event).collect())
}

fn event((position, event_id, area, kind, payload, create_time): EventRow) -> Event {
    Event {
        position: position.expect("a position above another is there"),
        event_id: event_id.to_string(),
        area,
        kind,
        payload: payload.into(),
        create_time: Some(prost_types::Timestamp {
            seconds: create_time.timestamp(),
            nanos: i32::try_from(create_time.timestamp_subsec_nanos()).expect("below two billion"),
        }),
    }
}

/// Tells how far the own feed reaches and how far others' feeds took effect here, at one moment.
///
/// # Errors
///
/// [`DbError::Unavailable`], [`DbError::PoolExhausted`].
pub async fn status(database: &Database) -> Result<GetFeedStatusResponse, DbError> {
    let mut session = database.background_session().await?;
    session.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", Scope::SUITE).await?;
    let conn = session.conn();
    let head_position = heads::table.find("outbox").select(heads::position).first(conn).await?;
    let unnumbered = outbox::table.filter(outbox::position.is_null()).count().get_result(conn).await?;
    let cursors: Vec<(String, i64)> = feed_cursors::table.order(feed_cursors::source).load(conn).await?;
    session.rollback().await?;
    let cursors = cursors.into_iter().map(|(source, position)| Cursor { source, position }).collect();
    Ok(GetFeedStatusResponse { head_position, unnumbered, cursors })
}

/// Decodes an event if it is an `M`; `None` if it is of another kind.
///
/// # Errors
///
/// [`DbError::Feed`] if its bytes are no `M`.
pub fn decode<M: prost::Name + Default>(event: &Event) -> Result<Option<M>, DbError> {
    if event.kind != M::full_name() {
        return Ok(None);
    }
    M::decode(event.payload.clone()).map(Some).map_err(|error| DbError::Feed {
        source_name: M::PACKAGE.to_owned(),
        position: event.position,
        what: error.to_string(),
    })
}

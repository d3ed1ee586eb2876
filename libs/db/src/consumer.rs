use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures::future::BoxFuture;
use medfund_proto::auth::v1::Role;
use medfund_proto::feed::v1::Event;
use medfund_types::Area;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::schema::{consumed_events, feed_cursors};
use crate::session::{Scope, Session, set_scope};
use crate::{Caller, Database, DbError, Tx, failpoint};

const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Where a consumer reads: the feed of another service, over gRPC or in a test.
pub trait EventSource: Send + Sync + 'static {
    /// Reads events after `position`, in order; waits a while for the first.
    fn read_events(&self, position: i64) -> BoxFuture<'_, Result<Vec<Event>, String>>;
}

/// What a service does when it hears of events.
pub trait EventHandler: Send + Sync + 'static {
    /// What can go wrong; the event is tried again until it goes right.
    type Error: From<DbError> + Display + Send + 'static;

    /// Prepares for an event, outside of any transaction: the place for an RPC,
    /// e.g. to fetch a pack by its hash. It may run more than once for an event.
    fn before<'a>(&'a self, _event: &'a Event) -> BoxFuture<'a, Result<(), Self::Error>> {
        Box::pin(async { Ok(()) })
    }

    /// Does what the event asks for, in the transaction that also moves the
    /// cursor. An event of no interest is `Ok(())`.
    fn on_event<'a>(&'a self, tx: &'a mut Tx<'_>, event: &'a Event)
    -> BoxFuture<'a, Result<(), Self::Error>>;
}

/// Lets another service's events take effect here, each once, in order.
pub struct Consumer<H> {
    database: Database,
    source: Arc<str>,
    handler: Arc<H>,
}

impl<H> Clone for Consumer<H> {
    fn clone(&self) -> Self {
        Self {
            database: self.database.clone(),
            source: Arc::clone(&self.source),
            handler: Arc::clone(&self.handler),
        }
    }
}

impl<H: EventHandler> Consumer<H> {
    /// - `source`: the service whose feed is read, e.g. `budget`.
    #[must_use]
    pub fn new(database: &Database, source: &str, handler: H) -> Self {
        Self { database: database.clone(), source: source.into(), handler: Arc::new(handler) }
    }

    /// The position of the last event that took effect here.
    ///
    /// # Errors
    ///
    /// [`DbError::Unavailable`], [`DbError::PoolExhausted`].
    pub async fn position(&self) -> Result<i64, DbError> {
        let mut session = self.database.background_session().await?;
        session.begin("BEGIN", Scope::SUITE).await?;
        let position = self.lock_cursor(session.conn()).await?;
        session.commit().await?;
        Ok(position)
    }

    /// Reads and consumes until `stop`; after a failure it pauses and tries the same event again.
    pub async fn run(&self, feed: impl EventSource, stop: CancellationToken) {
        let mut pause = SHORTEST_PAUSE;
        loop {
            let step = tokio::select! {
                () = stop.cancelled() => return,
                step = self.step(&feed) => step,
            };
            match step {
                Ok(()) => pause = SHORTEST_PAUSE,
                Err(error) => {
                    tracing::warn!(source = %self.source, %error, "a feed is stuck and will be tried again");
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = tokio::time::sleep(pause) => pause = LONGEST_PAUSE.min(pause * 2),
                    }
                }
            }
        }
    }

    /// Reads one page and lets it take effect.
    async fn step(&self, feed: &impl EventSource) -> Result<(), String> {
        let position = self.position().await.map_err(|error| error.to_string())?;
        for event in feed.read_events(position).await? {
            let (consumer, place) = (self.clone(), event.position);
            // A task of its own: a shutdown lets it finish, a panic stops only this try.
            let task = tokio::spawn(async move { consumer.consume(&event).await.map_err(|e| e.to_string()) });
            let done = task.await.map_err(|error| error.to_string()).and_then(|done| done);
            done.map_err(|error| format!("at position {place}: {error}"))?;
        }
        Ok(())
    }

    /// Lets one event take effect, unless it already has; returns whether it did now.
    ///
    /// # Errors
    ///
    /// What the handler returns; [`DbError::Feed`] if the event skips one, or
    /// is another than the one that stood at its position before.
    pub async fn consume(&self, event: &Event) -> Result<bool, H::Error> {
        let facts = self.facts(event)?;
        self.handler.before(event).await?;
        let mut session = self.database.background_session().await?;
        session.begin("BEGIN", Scope::SUITE).await?;
        if self.was_consumed(session.conn(), event, facts.event_id).await? {
            session.commit().await?;
            return Ok(false);
        }
        self.act(&mut session, event, &facts).await?;
        failpoint::reach("consumer::before_commit")?;
        session.commit().await?;
        failpoint::reach("consumer::after_commit")?;
        self.database.note_commit();
        Ok(true)
    }

    async fn act(&self, session: &mut Session, event: &Event, facts: &Facts) -> Result<(), H::Error> {
        let caller = Caller {
            subject: format!("feed:{}", self.source),
            roles: vec![Role::Service as i32],
            area: None,
            institution: None,
        };
        let area = facts.area.as_str();
        set_scope(session.conn(), Scope { area, institution: "*" }).await?;
        let origin = Uuid::new_v5(&facts.event_id, format!("feed/{}", self.source).as_bytes());
        let mut tx = Tx::new(session.conn(), &facts.area, &caller, facts.instant, origin);
        self.handler.on_event(&mut tx, event).await?;
        tx.finish().await?;
        let deed = Deed {
            area,
            audit_id: Uuid::new_v5(&origin, b"audit"),
            caller: &caller,
            method: &event.kind,
            request_id: facts.event_id,
            digest: &Sha256::digest(&event.payload),
            answer_digest: &[],
            instant: facts.instant,
        };
        audit::append(session.conn(), &deed).await?;
        set_scope(session.conn(), Scope::SUITE).await?;
        Ok(self.move_cursor(session.conn(), event.position, facts.event_id).await?)
    }

    fn facts(&self, event: &Event) -> Result<Facts, DbError> {
        let bad = |what: &str| self.error(event, what.to_owned());
        let time = event.create_time.as_ref().ok_or_else(|| bad("it has no time"))?;
        let nanos = u32::try_from(time.nanos).map_err(|_| bad("its time is malformed"))?;
        Ok(Facts {
            event_id: event.event_id.parse().map_err(|_| bad("its id is no UUID"))?,
            area: event.area.parse().map_err(|_| bad("its area is malformed"))?,
            instant: DateTime::from_timestamp(time.seconds, nanos)
                .ok_or_else(|| bad("its time is malformed"))?,
        })
    }

    fn error(&self, event: &Event, what: String) -> DbError {
        DbError::Feed { source_name: self.source.to_string(), position: event.position, what }
    }

    /// Locks the cursor, so that an event is in one pair of hands, and looks whether it acted before.
    async fn was_consumed(
        &self,
        conn: &mut AsyncPgConnection,
        event: &Event,
        event_id: Uuid,
    ) -> Result<bool, DbError> {
        let position = self.lock_cursor(conn).await?;
        let before: Option<Uuid> = consumed_events::table
            .find((&*self.source, event.position))
            .select(consumed_events::event_id)
            .first(conn)
            .await
            .optional()?;
        match before {
            Some(same) if same == event_id => {
                // A cursor that was set back moves on without effect.
                if event.position == position + 1 {
                    self.set_cursor(conn, event.position).await?;
                }
                Ok(true)
            }
            Some(other) => Err(self.error(event, format!("event {other} stood here before, now {event_id}"))),
            None if event.position != position + 1 => {
                Err(self.error(event, format!("the event after {position} was expected")))
            }
            None => Ok(false),
        }
    }

    async fn lock_cursor(&self, conn: &mut AsyncPgConnection) -> Result<i64, DbError> {
        let locked = feed_cursors::table.find(&*self.source).select(feed_cursors::position).for_update();
        if let Some(position) = locked.first(conn).await.optional()? {
            return Ok(position);
        }
        diesel::insert_into(feed_cursors::table)
            .values((feed_cursors::source.eq(&*self.source), feed_cursors::position.eq(0)))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
        let locked = feed_cursors::table.find(&*self.source).select(feed_cursors::position).for_update();
        Ok(locked.first(conn).await?)
    }

    async fn move_cursor(
        &self,
        conn: &mut AsyncPgConnection,
        position: i64,
        event_id: Uuid,
    ) -> Result<(), DbError> {
        diesel::insert_into(consumed_events::table)
            .values((
                consumed_events::source.eq(&*self.source),
                consumed_events::position.eq(position),
                consumed_events::event_id.eq(event_id),
            ))
            .execute(conn)
            .await?;
        self.set_cursor(conn, position).await
    }

    async fn set_cursor(&self, conn: &mut AsyncPgConnection, position: i64) -> Result<(), DbError> {
        diesel::update(feed_cursors::table.find(&*self.source))
            .set(feed_cursors::position.eq(position))
            .execute(conn)
            .await?;
        Ok(())
    }
}

/// What an event's envelope says, checked.
struct Facts {
    event_id: Uuid,
    area: Area,
    instant: DateTime<Utc>,
}

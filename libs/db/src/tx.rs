use chrono::{DateTime, SubsecRound, Utc};
use diesel::QueryResult;
use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, TransactionManager};
use medfund_ledger::Transfer;
use medfund_types::Area;
use uuid::Uuid;

use crate::outbox::{self, PendingEvent};
use crate::{Caller, DbError, ledger};

/// The most bytes of an event: a page of a feed holds at least a few of that size.
const MAX_EVENT_BYTES: usize = 1 << 20;

/// The transaction of one command or one consumed event.
pub struct Tx<'a> {
    conn: &'a mut AsyncPgConnection,
    area: &'a Area,
    caller: &'a Caller,
    instant: DateTime<Utc>,
    /// The namespace of all ids that this transaction makes.
    origin: Uuid,
    events: Vec<PendingEvent>,
    n_batches: usize,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(
        conn: &'a mut AsyncPgConnection,
        area: &'a Area,
        caller: &'a Caller,
        instant: DateTime<Utc>,
        origin: Uuid,
    ) -> Self {
        // As the database keeps it, so that what is answered and what is read later are equal.
        let instant = instant.trunc_subsecs(6);
        Self { conn, area, caller, instant, origin, events: Vec::new(), n_batches: 0 }
    }

    /// The connection, for the functions in `store/`.
    pub fn conn(&mut self) -> &mut AsyncPgConnection {
        self.conn
    }

    /// The instant of the call, or of the event that is consumed: the same when it is repeated.
    #[must_use]
    pub fn instant(&self) -> DateTime<Utc> {
        self.instant
    }

    /// Who called.
    #[must_use]
    pub fn caller(&self) -> &'a Caller {
        self.caller
    }

    /// The area that everything in the transaction belongs to.
    #[must_use]
    pub fn area(&self) -> &'a Area {
        self.area
    }

    /// An id for something this transaction makes: the same in every retry.
    ///
    /// - `name`: tells the things of one transaction apart.
    #[must_use]
    pub fn id(&self, name: &str) -> Uuid {
        Uuid::new_v5(&self.origin, name.as_bytes())
    }

    /// Writes what is expected to be new. Where a key that exists refuses it, all of it is taken back and the transaction
    /// goes on.
    ///
    /// A plain `INSERT` takes a third less time than one that may meet a conflict.
    ///
    /// - Returns `None` where it was taken back.
    ///
    /// # Errors
    ///
    /// What `write` fails by otherwise.
    pub async fn unless_taken<T>(
        &mut self,
        write: impl AsyncFnOnce(&mut AsyncPgConnection) -> QueryResult<T>,
    ) -> QueryResult<Option<T>> {
        // Inside a transaction: a savepoint.
        AnsiTransactionManager::begin_transaction(&mut *self.conn).await?;
        match write(self.conn).await {
            Ok(written) => {
                AnsiTransactionManager::commit_transaction(&mut *self.conn).await?;
                Ok(Some(written))
            }
            Err(error) => {
                AnsiTransactionManager::rollback_transaction(&mut *self.conn).await?;
                let is_taken = matches!(error, Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _));
                if is_taken { Ok(None) } else { Err(error) }
            }
        }
    }

    /// Lets an event leave with the commit, after those emitted before it.
    ///
    /// # Errors
    ///
    /// [`DbError::Internal`] if the event is too large for any reader: nobody
    /// could ever read past it. Else none today: events are written at the end
    /// of the transaction.
    pub async fn emit<M: prost::Name>(&mut self, event: &M) -> Result<(), DbError> {
        let n_bytes = event.encoded_len();
        if n_bytes > MAX_EVENT_BYTES {
            return Err(DbError::internal(format!("a {} of {n_bytes} bytes", M::full_name())));
        }
        let event_id = self.id(&format!("event/{}", self.events.len()));
        self.events.push(PendingEvent { event_id, kind: M::full_name(), payload: event.encode_to_vec() });
        Ok(())
    }

    /// Makes transfers in the ledger. One that was made before, by its id, is not made again.
    ///
    /// # Errors
    ///
    /// [`DbError::TransferReused`] if an id was used for another transfer.
    pub async fn transfer(&mut self, transfers: &[Transfer]) -> Result<(), DbError> {
        self.n_batches += 1;
        let batch_id = self.id(&format!("transfers/{}", self.n_batches));
        ledger::post(self.conn, self.area.as_str(), batch_id, self.instant, transfers).await
    }

    /// Writes what waits for the end of the transaction.
    pub(crate) async fn finish(self) -> Result<(), DbError> {
        outbox::insert(self.conn, self.area.as_str(), self.instant, &self.events).await
    }
}

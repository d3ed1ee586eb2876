use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use medfund_types::Area;
use tracing::Instrument;

use crate::session::Scope;
use crate::{Caller, Database, DbError};

/// Read-only transactions of one snapshot, on the primary.
#[derive(Clone)]
pub struct Reader {
    database: Database,
}

impl Reader {
    pub(crate) fn new(database: Database) -> Self {
        Self { database }
    }

    /// Reads what `caller` may see of `area`, all of it from one snapshot.
    ///
    /// # Errors
    ///
    /// What `work` returns; [`DbError::OtherArea`] if the caller's token holds another area.
    pub fn run<T, E, F>(
        &self,
        caller: &Caller,
        area: &Area,
        work: F,
    ) -> impl Future<Output = Result<T, E>> + Send + use<T, E, F>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'t> FnOnce(&'t mut AsyncPgConnection) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        let (database, caller, area) = (self.database.clone(), caller.clone(), area.clone());
        let task = async move {
            let scope = caller.scope(&area)?;
            let mut session = database.foreground_session().await?;
            session.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", scope).await?;
            let result = work(session.conn()).await;
            session.rollback().await?;
            result
        };
        async move {
            let joined = tokio::spawn(task.in_current_span()).await;
            joined
                .unwrap_or_else(|error| Err(DbError::internal(format!("a read ended early: {error}")).into()))
        }
    }

    /// Reads what tables show to the service itself, of all areas: for its own jobs, never for a caller.
    ///
    /// # Errors
    ///
    /// What `work` returns; [`DbError::Unavailable`], [`DbError::PoolExhausted`].
    pub async fn run_suite<T, E, F>(&self, work: F) -> Result<T, E>
    where
        E: From<DbError>,
        F: for<'t> FnOnce(&'t mut AsyncPgConnection) -> BoxFuture<'t, Result<T, E>>,
    {
        let mut session = self.database.background_session().await?;
        session.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", Scope::SUITE).await?;
        let result = work(session.conn()).await;
        session.rollback().await?;
        result
    }
}

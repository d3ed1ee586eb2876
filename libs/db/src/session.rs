use diesel::sql_types::Text;
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, RunQueryDsl, TransactionManager};

use crate::DbError;

/// A pooled connection with a transaction in it.
///
/// Dropped before its end, as by a panic, it closes the connection, so that
/// the server rolls back at once and no lock waits for the pool.
pub(crate) struct Session {
    connection: Option<Object<AsyncPgConnection>>,
}

/// What a transaction may see: an area or `*`, and an institution or `*`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) area: &'a str,
    pub(crate) institution: &'a str,
}

impl Scope<'_> {
    /// All areas: for the jobs and feeds of the service itself.
    pub(crate) const SUITE: Scope<'static> = Scope { area: "*", institution: "*" };
}

impl Session {
    pub(crate) fn new(connection: Object<AsyncPgConnection>) -> Self {
        Self { connection: Some(connection) }
    }

    pub(crate) fn conn(&mut self) -> &mut AsyncPgConnection {
        self.connection.as_mut().expect("the connection is there until the session ends")
    }

    pub(crate) async fn begin(&mut self, how: &str, scope: Scope<'_>) -> Result<(), DbError> {
        AnsiTransactionManager::begin_transaction_sql(self.conn(), how).await?;
        set_scope(self.conn(), scope).await
    }

    pub(crate) async fn commit(mut self) -> Result<(), DbError> {
        AnsiTransactionManager::commit_transaction(self.conn()).await?;
        // Back to the pool, instead of being closed.
        drop(self.connection.take());
        Ok(())
    }

    pub(crate) async fn rollback(mut self) -> Result<(), DbError> {
        AnsiTransactionManager::rollback_transaction(self.conn()).await?;
        drop(self.connection.take());
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(Object::take(connection));
        }
    }
}

/// Sets what row-level security lets the rest of the transaction see.
pub(crate) async fn set_scope(conn: &mut AsyncPgConnection, scope: Scope<'_>) -> Result<(), DbError> {
    diesel::sql_query(
        "SELECT set_config('medfund.area', $1, true), set_config('medfund.institution', $2, true)",
    )
    .bind::<Text, _>(scope.area)
    .bind::<Text, _>(scope.institution)
    .execute(conn)
    .await?;
    Ok(())
}

use futures::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tracing::Instrument;
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::claim::{self, Claim};
use crate::session::Session;
use crate::{Call, Database, DbError, Tx, failpoint};

/// The one write path: every command of every service runs through [`Writer::run`].
#[derive(Clone)]
pub struct Writer {
    database: Database,
}

impl Writer {
    pub(crate) fn new(database: Database) -> Self {
        Self { database }
    }

    /// Runs a command in a transaction, once for its request id.
    ///
    /// Begins, sets who the caller is for row-level security, claims the
    /// request id, does `work`, stores the answer and an audit row, commits.
    /// A call that succeeded before is answered the same again without
    /// `work`. The whole runs in a task of its own: a caller that hangs up
    /// does not stop it. A dry run goes the same way and is rolled back.
    ///
    /// # Errors
    ///
    /// What `work` returns, after a rollback; [`DbError::OtherArea`],
    /// [`DbError::RequestIdReused`], then whatever the database refuses.
    pub fn run<T, E, F>(
        &self,
        call: Call,
        work: F,
    ) -> impl Future<Output = Result<T, E>> + Send + use<T, E, F>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        let database = self.database.clone();
        async move {
            let task = async move { run_to_the_end(&database, &call, work).await };
            let joined = tokio::spawn(task.in_current_span()).await;
            joined.unwrap_or_else(|error| {
                Err(DbError::internal(format!("a command ended early: {error}")).into())
            })
        }
    }
}

async fn run_to_the_end<T, E, F>(database: &Database, call: &Call, work: F) -> Result<T, E>
where
    T: Serialize + DeserializeOwned + Send + 'static,
    E: From<DbError> + Send + 'static,
    F: for<'t> FnOnce(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
{
    let scope = call.caller.scope(&call.area)?;
    let mut session = database.foreground_session().await?;
    session.begin("BEGIN", scope).await?;
    match work_in(&mut session, call, work).await {
        Ok(Done::Repeated(answer)) => {
            session.rollback().await?;
            Ok(answer)
        }
        Ok(Done::Now(answer)) if call.dry_run => {
            session.rollback().await?;
            Ok(answer)
        }
        Ok(Done::Now(answer)) => {
            failpoint::reach("write::before_commit")?;
            session.commit().await?;
            failpoint::reach("write::after_commit")?;
            database.note_commit();
            Ok(answer)
        }
        Err(error) => {
            // The reason of the failure matters more than that of the rollback.
            let _ = session.rollback().await;
            Err(error)
        }
    }
}

enum Done<T> {
    Now(T),
    Repeated(T),
}

async fn work_in<T, E, F>(session: &mut Session, call: &Call, work: F) -> Result<Done<T>, E>
where
    T: Serialize + DeserializeOwned + Send + 'static,
    E: From<DbError> + Send + 'static,
    F: for<'t> FnOnce(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
{
    match claim::claim(session.conn(), call).await? {
        Claim::Repeat(answer) => {
            let answer = serde_json::from_str(&answer).map_err(DbError::internal)?;
            return Ok(Done::Repeated(answer));
        }
        Claim::Conflict => return Err(DbError::RequestIdReused.into()),
        Claim::First => {}
    }
    failpoint::reach("write::after_claim")?;

    let origin = origin(call);
    let mut tx = Tx::new(session.conn(), &call.area, &call.caller, call.instant, origin);
    let answer = work(&mut tx).await?;
    tx.finish().await?;

    let json = serde_json::to_string(&answer).map_err(DbError::internal)?;
    claim::store_answer(session.conn(), call, &json).await?;
    let deed = Deed {
        area: call.area.as_str(),
        audit_id: Uuid::new_v5(&origin, b"audit"),
        caller: &call.caller,
        method: call.method,
        request_id: call.request_id,
        digest: &call.digest,
        answer_digest: &Sha256::digest(json.as_bytes()),
        instant: call.instant,
    };
    audit::append(session.conn(), &deed).await?;
    if call.dry_run {
        check_deferred(session).await?;
    }
    Ok(Done::Now(answer))
}

/// Deferred constraints speak at commit, which a dry run never reaches.
async fn check_deferred(session: &mut Session) -> Result<(), DbError> {
    use diesel_async::SimpleAsyncConnection;
    Ok(session.conn().batch_execute("SET CONSTRAINTS ALL IMMEDIATE").await?)
}

/// The namespace of the ids a call makes: two callers may choose the same request id.
fn origin(call: &Call) -> Uuid {
    let name = format!("{}/{}/{}", call.area, call.caller.subject, call.method);
    Uuid::new_v5(&call.request_id, name.as_bytes())
}

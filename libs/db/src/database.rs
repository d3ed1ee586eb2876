use std::sync::Arc;
use std::time::Duration;

use diesel::sql_types::{Bool, Text};
use diesel_async::pooled_connection::deadpool::{Object, Pool, PoolError};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures::FutureExt;
use tokio::sync::watch;

use crate::connect::Connector;
use crate::session::Session;
use crate::{DatabaseConfig, DbError, Reader, Writer};

const BACKGROUND_CONNECTIONS: usize = 8;

/// The database of one service: its pools, and the wake-up calls between its parts.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    foreground: Pool<AsyncPgConnection>,
    background: Pool<AsyncPgConnection>,
    acquire_timeout: Duration,
    committed: watch::Sender<u64>,
    numbered: watch::Sender<u64>,
}

impl Database {
    /// Opens the pools and checks who we are.
    ///
    /// # Errors
    ///
    /// [`DbError::UnsafeRole`] for a superuser or a role that bypasses
    /// row-level security; [`DbError::Config`]; [`DbError::Unavailable`].
    pub async fn connect(config: &DatabaseConfig) -> Result<Self, DbError> {
        let connector = Connector::new(config)?;
        let database = Self(Arc::new(Inner {
            foreground: pool(connector.clone(), config.max_connections)?,
            background: pool(connector, BACKGROUND_CONNECTIONS)?,
            acquire_timeout: config.acquire_timeout,
            committed: watch::Sender::new(0),
            numbered: watch::Sender::new(0),
        }));
        check_role(&mut *database.foreground().await?).await?;
        Ok(database)
    }

    /// The one write path.
    #[must_use]
    pub fn writer(&self) -> Writer {
        Writer::new(self.clone())
    }

    /// Read-only transactions.
    #[must_use]
    pub fn reader(&self) -> Reader {
        Reader::new(self.clone())
    }

    /// Whether the database answers; for readiness probes.
    ///
    /// # Errors
    ///
    /// [`DbError::PoolExhausted`], [`DbError::Unavailable`].
    pub async fn ping(&self) -> Result<(), DbError> {
        // Taking a connection out of the pool tests it.
        self.background().await.map(drop)
    }

    pub(crate) async fn foreground(&self) -> Result<Object<AsyncPgConnection>, DbError> {
        self.acquire(&self.0.foreground).await
    }

    pub(crate) async fn background(&self) -> Result<Object<AsyncPgConnection>, DbError> {
        self.acquire(&self.0.background).await
    }

    pub(crate) async fn foreground_session(&self) -> Result<Session, DbError> {
        self.foreground().await.map(Session::new)
    }

    pub(crate) async fn background_session(&self) -> Result<Session, DbError> {
        self.background().await.map(Session::new)
    }

    async fn acquire(&self, pool: &Pool<AsyncPgConnection>) -> Result<Object<AsyncPgConnection>, DbError> {
        match tokio::time::timeout(self.0.acquire_timeout, pool.get()).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(PoolError::Backend(error))) => Err(DbError::Unavailable(error.to_string())),
            Ok(Err(error)) => Err(DbError::internal(error)),
            Err(_) => Err(DbError::PoolExhausted),
        }
    }

    /// Wakes the jobs: something was committed.
    pub(crate) fn note_commit(&self) {
        self.0.committed.send_modify(|n| *n += 1);
    }

    /// Wakes the readers of the feed: something was numbered.
    pub(crate) fn note_numbered(&self) {
        self.0.numbered.send_modify(|n| *n += 1);
    }

    pub(crate) fn committed(&self) -> watch::Receiver<u64> {
        self.0.committed.subscribe()
    }

    pub(crate) fn numbered(&self) -> watch::Receiver<u64> {
        self.0.numbered.subscribe()
    }
}

fn pool(connector: Connector, size: usize) -> Result<Pool<AsyncPgConnection>, DbError> {
    let mut manager = ManagerConfig::default();
    // A server that was restarted must not cost the next caller an error.
    manager.recycling_method = RecyclingMethod::Verified;
    manager.custom_setup = Box::new(move |_| {
        let connector = connector.clone();
        async move { connector.open().await }.boxed()
    });
    let manager = AsyncDieselConnectionManager::new_with_config("", manager);
    Pool::builder(manager).max_size(size).build().map_err(DbError::internal)
}

#[derive(diesel::QueryableByName)]
struct RoleRow {
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Bool)]
    is_superuser: bool,
    #[diesel(sql_type = Bool)]
    bypasses: bool,
    #[diesel(sql_type = Bool)]
    owns_tables: bool,
    #[diesel(sql_type = Text)]
    messages: String,
}

/// What the role of this session may do, also by becoming another that it is a member of.
const ROLES: &str = "SELECT role.rolname::text AS role, bool_or(other.rolsuper) AS is_superuser, \
     bool_or(other.rolbypassrls) AS bypasses, bool_or(EXISTS (SELECT FROM pg_class \
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relowner = other.oid)) \
         AS owns_tables, \
     current_setting('lc_messages') AS messages \
     FROM pg_roles AS role JOIN pg_roles AS other ON role.oid = other.oid \
         OR (NOT role.rolsuper AND pg_has_role(role.oid, other.oid, 'MEMBER')) \
     WHERE role.rolname IN (current_user, session_user) GROUP BY role.rolname";

async fn check_role(conn: &mut AsyncPgConnection) -> Result<(), DbError> {
    let rows: Vec<RoleRow> = diesel::sql_query(ROLES).load(conn).await?;
    rows.into_iter().try_for_each(check_row)
}

fn check_row(row: RoleRow) -> Result<(), DbError> {
    let unsafe_role = |why| Err(DbError::UnsafeRole { role: row.role.clone(), why });
    if row.is_superuser {
        return unsafe_role("is a superuser");
    }
    if row.bypasses {
        return unsafe_role("bypasses row-level security");
    }
    if row.owns_tables {
        return unsafe_role("owns tables, and so may take their guards away");
    }
    let english = ["C", "POSIX", "en"].iter().any(|start| row.messages.starts_with(start));
    if !english && !row.messages.is_empty() {
        return Err(DbError::Config(format!(
            "the server's messages are in `{}`; run `ALTER ROLE \"{}\" SET lc_messages = 'C'`",
            row.messages, row.role
        )));
    }
    Ok(())
}

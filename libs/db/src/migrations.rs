//! The common migrations, and how a service's own follow them.

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{RunQueryDsl, sql_query};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::connect::Connector;
use crate::{DatabaseConfig, DbError};

/// The tables that every service has.
pub const COMMON: EmbeddedMigrations = embed_migrations!("migrations");

/// Brings a database up to date: the common migrations, the service's own, the grants.
///
/// Several may try at once, e.g. the replicas of a job: they do it one after the other.
///
/// - `owner`: the database as its owner reaches it.
/// - `service_role`: the role that the service runs as; it gets what it needs and no more.
///
/// # Errors
///
/// [`DbError::Internal`] with the migration and what the database said.
pub async fn run(owner: &DatabaseConfig, own: EmbeddedMigrations, service_role: &str) -> Result<(), DbError> {
    let service_role = service_role.to_owned();
    blocking(owner, move |conn| {
        conn.batch_execute(ALONE)?;
        conn.run_pending_migrations(COMMON)?;
        conn.run_pending_migrations(own)?;
        sql_query("SELECT grant_service($1)").bind::<Text, _>(service_role).execute(conn)?;
        Ok(())
    })
    .await
}

/// Waits for whoever else brings the same database up to date, as long as that takes; the end of the
/// session lets the next one go on.
const ALONE: &str = "SET statement_timeout = 0; SET lock_timeout = 0; \
     SELECT pg_advisory_lock(hashtextextended('medfund migrations', 0)); \
     RESET lock_timeout; RESET statement_timeout";

/// Takes everything back, the newest first. Only a test of the migrations does so.
///
/// # Errors
///
/// [`DbError::Internal`] with the migration and what the database said.
pub async fn revert_all(owner: &DatabaseConfig, own: EmbeddedMigrations) -> Result<(), DbError> {
    blocking(owner, move |conn| {
        let mut all = diesel::migration::MigrationSource::<diesel::pg::Pg>::migrations(&COMMON)?;
        all.extend(diesel::migration::MigrationSource::<diesel::pg::Pg>::migrations(&own)?);
        let mut applied = conn.applied_migrations()?;
        applied.sort();
        for version in applied.iter().rev() {
            let known = all.iter().find(|m| m.name().version() == *version);
            let migration = known.ok_or_else(|| format!("migration {version} is not in the program"))?;
            conn.revert_migration(migration)?;
        }
        Ok(())
    })
    .await
}

type Sync = AsyncConnectionWrapper<AsyncPgConnection>;
type Outcome = Result<(), Box<dyn std::error::Error + Send + std::marker::Sync>>;

/// diesel's migrations are synchronous: they run beside the runtime, on a thread for blocking work.
async fn blocking(
    owner: &DatabaseConfig,
    work: impl FnOnce(&mut Sync) -> Outcome + Send + 'static,
) -> Result<(), DbError> {
    let opened = Connector::new(owner)?.open().await;
    let conn = opened.map_err(|error| DbError::Unavailable(error.to_string()))?;
    let joined = tokio::task::spawn_blocking(move || {
        let mut conn = Sync::from(conn);
        work(&mut conn).map_err(|error| DbError::Internal(format!("migration: {error}")))
    })
    .await;
    joined.map_err(DbError::internal)?
}

//! The common migrations, and how a service's own follow them.

use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::connect::Connector;
use crate::{DatabaseConfig, DbError};

/// The tables that every service has.
pub const COMMON: EmbeddedMigrations = embed_migrations!("migrations");

/// Brings a database up to date: the common migrations, the service's own, the grants.
///
/// - `owner`: the database as its owner reaches it.
/// - `service_role`: the role that the service runs as; it gets what it needs and no more.
///
/// # Errors
///
/// [`DbError::Internal`] with the migration and what the database said.
pub async fn run(owner: &DatabaseConfig, own: EmbeddedMigrations, service_role: &str) -> Result<(), DbError> {
    blocking(owner, move |conn| {
        conn.run_pending_migrations(COMMON)?;
        conn.run_pending_migrations(own)?;
        Ok(())
    })
    .await?;
    let mut conn = open(owner).await?;
    diesel::sql_query("SELECT grant_service($1)")
        .bind::<diesel::sql_types::Text, _>(service_role)
        .execute(&mut conn)
        .await?;
    Ok(())
}

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

async fn open(owner: &DatabaseConfig) -> Result<AsyncPgConnection, DbError> {
    let opened = Connector::new(owner)?.open().await;
    opened.map_err(|error| DbError::Unavailable(error.to_string()))
}

/// diesel's migrations are synchronous: they run beside the runtime, on a thread for blocking work.
async fn blocking(
    owner: &DatabaseConfig,
    work: impl FnOnce(&mut Sync) -> Outcome + Send + 'static,
) -> Result<(), DbError> {
    let conn = open(owner).await?;
    let joined = tokio::task::spawn_blocking(move || {
        let mut conn = Sync::from(conn);
        work(&mut conn).map_err(|error| DbError::Internal(format!("migration: {error}")))
    })
    .await;
    joined.map_err(DbError::internal)?
}

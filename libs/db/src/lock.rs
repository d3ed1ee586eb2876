//! Locks by name, for what two transactions must not do at once and no row of both stands for.

use diesel::QueryResult;
use diesel::sql_types::Text;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// Waits until nobody else holds the name, and holds it alone until the transaction ends.
///
/// # Errors
///
/// What the database refuses.
pub async fn alone(conn: &mut AsyncPgConnection, name: &str) -> QueryResult<()> {
    take(conn, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name).await
}

/// Waits until nobody holds the name alone, and holds it beside others until the transaction ends.
///
/// # Errors
///
/// What the database refuses.
pub async fn beside_others(conn: &mut AsyncPgConnection, name: &str) -> QueryResult<()> {
    take(conn, "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))", name).await
}

async fn take(conn: &mut AsyncPgConnection, sql: &str, name: &str) -> QueryResult<()> {
    diesel::sql_query(sql).bind::<Text, _>(name).execute(conn).await?;
    Ok(())
}

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::Area;
use uuid::Uuid;

use super::schema::history_case_ids;

#[derive(QueryableByName)]
struct Fresh {
    #[diesel(sql_type = SqlUuid)]
    id_hash: Uuid,
}

/// Keeps hashes of ids; returns those that were not there before.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    area: &Area,
    history: Uuid,
    hashes: &[Uuid],
) -> Result<HashSet<Uuid>, DbError> {
    let fresh: Vec<Fresh> = diesel::sql_query(
        "INSERT INTO history_case_ids (area, history_id, id_hash) SELECT $1, $2, * FROM unnest($3) \
         ON CONFLICT DO NOTHING RETURNING id_hash",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<SqlUuid, _>(history)
    .bind::<Array<SqlUuid>, _>(hashes)
    .load(conn)
    .await?;
    Ok(fresh.into_iter().map(|fresh| fresh.id_hash).collect())
}

/// Deletes all hashes of a history.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn delete(conn: &mut AsyncPgConnection, area: &Area, history: Uuid) -> Result<(), DbError> {
    let all = history_case_ids::table
        .filter(history_case_ids::area.eq(area.as_str()))
        .filter(history_case_ids::history_id.eq(history));
    diesel::delete(all).execute(conn).await?;
    Ok(())
}

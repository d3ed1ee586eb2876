use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::audit::chain::AuditRow;
use crate::schema::{audit_rows, heads};
use crate::session::Scope;
use crate::{Database, DbError, failpoint};

/// The most rows sealed in one transaction.
const BATCH: i64 = 1_000;

/// Chains committed rows to those before them; returns how many.
pub(crate) async fn seal(database: &Database) -> Result<usize, DbError> {
    let mut session = database.background_session().await?;
    session.begin("BEGIN", Scope::SUITE).await?;
    let conn = session.conn();
    let head: Option<(i64, Vec<u8>)> = heads::table
        .find("audit")
        .select((heads::position, heads::hash))
        .for_update()
        .skip_locked()
        .first(conn)
        .await
        .optional()?;
    let Some((mut position, mut hash)) = head else {
        // Another process seals.
        session.rollback().await?;
        return Ok(0);
    };
    let rows: Vec<AuditRow> = audit_rows::table
        .filter(audit_rows::position.is_null())
        .order(audit_rows::insert_order)
        .limit(BATCH)
        .select(AuditRow::as_select())
        .load(conn)
        .await?;
    if rows.is_empty() {
        session.rollback().await?;
        return Ok(0);
    }
    let (mut positions, mut hashes) = (Vec::new(), Vec::new());
    for row in &rows {
        position += 1;
        hash = row.hash_after(&hash, position);
        positions.push(position);
        hashes.push(hash.clone());
    }
    let n_sealed = diesel::sql_query(
        "UPDATE audit_rows SET position = sealed.position, hash = sealed.hash \
         FROM unnest($1, $2, $3, $4) AS sealed (area, audit_id, position, hash) \
         WHERE audit_rows.area = sealed.area AND audit_rows.audit_id = sealed.audit_id",
    )
    .bind::<Array<Text>, _>(rows.iter().map(|row| &row.area).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.audit_id).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(positions)
    .bind::<Array<Binary>, _>(hashes)
    .execute(conn)
    .await?;
    assert_eq!(n_sealed, rows.len(), "the head's lock keeps others away");
    diesel::update(heads::table.find("audit"))
        .set((heads::position.eq(position), heads::hash.eq(hash)))
        .execute(conn)
        .await?;
    failpoint::reach("sealer::before_commit")?;
    session.commit().await?;
    Ok(n_sealed)
}

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_ledger::Transfer;
use uuid::Uuid;

use crate::DbError;
use crate::schema::{transfer_batches, transfers};

/// The most transfers in one statement.
const CHUNK: usize = 10_000;

/// Appends transfers; one that was made before with the same content is left as it is.
///
/// # Errors
///
/// [`DbError::TransferReused`] if an id was used for another transfer.
pub(crate) async fn post(
    conn: &mut AsyncPgConnection,
    area: &str,
    batch_id: Uuid,
    instant: DateTime<Utc>,
    wanted: &[Transfer],
) -> Result<(), DbError> {
    let mut n_made = 0;
    for chunk in wanted.chunks(CHUNK) {
        let n_new = insert(conn, area, batch_id, instant, chunk).await?;
        n_made += n_new;
        if n_new < chunk.len() {
            check_repeated(conn, area, chunk).await?;
        }
    }
    if n_made > 0 {
        diesel::insert_into(transfer_batches::table)
            .values((
                transfer_batches::area.eq(area),
                transfer_batches::batch_id.eq(batch_id),
                transfer_batches::create_time.eq(instant),
            ))
            .execute(conn)
            .await?;
    }
    Ok(())
}

async fn insert(
    conn: &mut AsyncPgConnection,
    area: &str,
    batch_id: Uuid,
    instant: DateTime<Utc>,
    chunk: &[Transfer],
) -> Result<usize, DbError> {
    let n_new = diesel::sql_query(
        "INSERT INTO transfers (area, transfer_id, batch_id, debit_account, credit_account, amount_fen, code, \
         reference, create_time) \
         SELECT $1, t.id, $2, t.debit, t.credit, t.amount, t.code, t.reference, $3 \
         FROM unnest($4, $5, $6, $7, $8, $9) AS t (id, debit, credit, amount, code, reference) \
         ON CONFLICT (area, transfer_id) DO NOTHING",
    )
    .bind::<Text, _>(area)
    .bind::<SqlUuid, _>(batch_id)
    .bind::<Timestamptz, _>(instant)
    .bind::<Array<SqlUuid>, _>(chunk.iter().map(Transfer::id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(chunk.iter().map(|t| t.debit().as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(chunk.iter().map(|t| t.credit().as_str()).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(chunk.iter().map(|t| t.amount().get()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(chunk.iter().map(Transfer::code).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(chunk.iter().map(Transfer::reference).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(n_new)
}

type Content = (String, String, i64, String, String);

/// Some ids were there before: their content must be the same.
async fn check_repeated(conn: &mut AsyncPgConnection, area: &str, chunk: &[Transfer]) -> Result<(), DbError> {
    let ids: Vec<Uuid> = chunk.iter().map(Transfer::id).collect();
    let rows: Vec<(Uuid, Content)> = transfers::table
        .filter(transfers::area.eq(area).and(transfers::transfer_id.eq_any(ids)))
        .select((
            transfers::transfer_id,
            (
                transfers::debit_account,
                transfers::credit_account,
                transfers::amount_fen,
                transfers::code,
                transfers::reference,
            ),
        ))
        .load(conn)
        .await?;
    let made: std::collections::HashMap<Uuid, Content> = rows.into_iter().collect();
    for transfer in chunk {
        let is_same = made.get(&transfer.id()).is_some_and(|(debit, credit, amount_fen, code, reference)| {
            debit == transfer.debit().as_str()
                && credit == transfer.credit().as_str()
                && *amount_fen == transfer.amount().get()
                && code == transfer.code()
                && reference == transfer.reference()
        });
        if !is_same {
            return Err(DbError::TransferReused(transfer.id()));
        }
    }
    Ok(())
}

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::schema::{heads, transfer_batches};
use crate::session::Scope;
use crate::{Database, DbError, failpoint};

/// The most batches rolled up in one transaction.
const BATCH: i64 = 500;

/// Adds committed batches of transfers to their accounts' balances; returns how many batches.
///
/// No payment updates a balance's row: only the holder of the head's lock does.
pub(crate) async fn roll_up(database: &Database) -> Result<usize, DbError> {
    let mut session = database.background_session().await?;
    session.begin("BEGIN", Scope::SUITE).await?;
    let conn = session.conn();
    let head: Option<i64> = heads::table
        .find("ledger")
        .select(heads::position)
        .for_update()
        .skip_locked()
        .first(conn)
        .await
        .optional()?;
    let Some(head) = head else {
        // Another process rolls up.
        session.rollback().await?;
        return Ok(0);
    };
    let batches: Vec<(String, Uuid)> = transfer_batches::table
        .filter(transfer_batches::position.is_null())
        .order(transfer_batches::insert_order)
        .limit(BATCH)
        .select((transfer_batches::area, transfer_batches::batch_id))
        .load(conn)
        .await?;
    if batches.is_empty() {
        session.rollback().await?;
        return Ok(0);
    }
    let (areas, ids): (Vec<String>, Vec<Uuid>) = batches.into_iter().unzip();
    let n = i64::try_from(ids.len()).expect("a batch is small");
    let positions: Vec<i64> = (head + 1..=head + n).collect();

    diesel::sql_query(
        "INSERT INTO ledger_accounts AS a (area, account, debits_fen, credits_fen, create_time) \
         SELECT t.area, leg.account, sum(leg.debit)::bigint, sum(leg.credit)::bigint, min(t.create_time) \
         FROM unnest($1, $2) AS b (area, batch_id) \
         JOIN transfers t ON t.area = b.area AND t.batch_id = b.batch_id \
         CROSS JOIN LATERAL (VALUES (t.debit_account, t.amount_fen, 0), (t.credit_account, 0, t.amount_fen)) \
             AS leg (account, debit, credit) \
         GROUP BY t.area, leg.account \
         ON CONFLICT (area, account) DO UPDATE SET \
             debits_fen = a.debits_fen + excluded.debits_fen, credits_fen = a.credits_fen + excluded.credits_fen",
    )
    .bind::<Array<Text>, _>(&areas)
    .bind::<Array<SqlUuid>, _>(&ids)
    .execute(conn)
    .await?;
    diesel::sql_query(
        "UPDATE transfer_batches SET position = b.position \
         FROM unnest($1, $2, $3) AS b (area, batch_id, position) \
         WHERE transfer_batches.area = b.area AND transfer_batches.batch_id = b.batch_id",
    )
    .bind::<Array<Text>, _>(&areas)
    .bind::<Array<SqlUuid>, _>(&ids)
    .bind::<Array<BigInt>, _>(positions)
    .execute(conn)
    .await?;
    diesel::update(heads::table.find("ledger")).set(heads::position.eq(head + n)).execute(conn).await?;
    failpoint::reach("rollup::before_commit")?;
    session.commit().await?;
    Ok(ids.len())
}

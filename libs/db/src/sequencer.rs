use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;

use crate::schema::heads;
use crate::session::Scope;
use crate::{Database, DbError, failpoint};

/// The most events numbered in one transaction.
const BATCH: i64 = 2_000;

/// Gives the next positions to committed events; returns how many got one.
///
/// Only committed rows are visible here and only the holder of the head's lock
/// numbers them, so positions have no gaps and a reader that follows them can
/// never skip a row that committed late: such a row gets a later position.
pub(crate) async fn number(database: &Database) -> Result<usize, DbError> {
    let mut session = database.background_session().await?;
    session.begin("BEGIN", Scope::SUITE).await?;
    let head: Option<i64> = heads::table
        .find("outbox")
        .select(heads::position)
        .for_update()
        .skip_locked()
        .first(session.conn())
        .await
        .optional()?;
    let Some(head) = head else {
        // Another process numbers.
        session.rollback().await?;
        return Ok(0);
    };
    let n_numbered = diesel::sql_query(
        "UPDATE outbox SET position = $1 + numbered.n \
         FROM (SELECT area, event_id, row_number() OVER (ORDER BY insert_order) AS n \
               FROM (SELECT area, event_id, insert_order FROM outbox WHERE position IS NULL \
                     ORDER BY insert_order LIMIT $2) AS waiting) AS numbered \
         WHERE outbox.area = numbered.area AND outbox.event_id = numbered.event_id",
    )
    .bind::<BigInt, _>(head)
    .bind::<BigInt, _>(BATCH)
    .execute(session.conn())
    .await?;
    if n_numbered == 0 {
        session.rollback().await?;
        return Ok(0);
    }
    let n = i64::try_from(n_numbered).expect("a batch is small");
    diesel::update(heads::table.find("outbox"))
        .set(heads::position.eq(head + n))
        .execute(session.conn())
        .await?;
    failpoint::reach("sequencer::before_commit")?;
    session.commit().await?;
    database.note_numbered();
    Ok(n_numbered)
}

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::schema::requests;
use crate::{Call, DbError};

/// Whether a call is new.
pub(crate) enum Claim {
    /// The caller does the work; its transaction keeps the claim and, at its end, the answer.
    First,
    /// An earlier call with the same content did it and answered this JSON.
    Repeat(String),
    /// An earlier call used this id for something else.
    Conflict,
}

/// Claims the call's request id in its transaction.
///
/// A concurrent call with the same id waits here until the first one ends.
pub(crate) async fn claim(conn: &mut AsyncPgConnection, call: &Call) -> Result<Claim, DbError> {
    let inserted = diesel::insert_into(requests::table)
        .values((
            requests::area.eq(call.area.as_str()),
            requests::caller.eq(&call.caller.subject),
            requests::method.eq(call.method),
            requests::request_id.eq(call.request_id),
            requests::institution.eq(call.caller.institution.as_ref().map_or("*", |code| code.as_str())),
            requests::digest.eq(call.digest.as_slice()),
            requests::create_time.eq(call.instant),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    if inserted == 1 {
        return Ok(Claim::First);
    }
    // Not seen: the same caller used the id for another institution.
    let claimed: Option<(Vec<u8>, Option<String>)> = requests::table
        .find((call.area.as_str(), &call.caller.subject, call.method, call.request_id))
        .select((requests::digest, requests::answer))
        .first(conn)
        .await
        .optional()?;
    let Some((digest, answer)) = claimed else { return Ok(Claim::Conflict) };
    if digest != call.digest {
        return Ok(Claim::Conflict);
    }
    answer.map(Claim::Repeat).ok_or_else(|| DbError::internal("a committed request has no answer"))
}

/// Stores the answer beside the claim.
pub(crate) async fn store_answer(
    conn: &mut AsyncPgConnection,
    call: &Call,
    answer: &str,
) -> Result<(), DbError> {
    let stored = diesel::update(requests::table.find((
        call.area.as_str(),
        &call.caller.subject,
        call.method,
        call.request_id,
    )))
    .set(requests::answer.eq(answer))
    .execute(conn)
    .await?;
    assert_eq!(stored, 1, "the claim is in this transaction");
    Ok(())
}

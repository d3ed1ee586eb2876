use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use crate::schema::audit_rows;
use crate::{Caller, DbError};

/// One deed, as the audit row tells it.
pub(crate) struct Deed<'a> {
    pub(crate) area: &'a str,
    pub(crate) audit_id: Uuid,
    pub(crate) caller: &'a Caller,
    pub(crate) method: &'a str,
    pub(crate) request_id: Uuid,
    pub(crate) digest: &'a [u8],
    pub(crate) answer_digest: &'a [u8],
    pub(crate) instant: DateTime<Utc>,
}

/// Appends a deed's row in the deed's transaction; the sealer chains it later.
pub(crate) async fn append(conn: &mut AsyncPgConnection, deed: &Deed<'_>) -> Result<(), DbError> {
    diesel::insert_into(audit_rows::table)
        .values((
            audit_rows::area.eq(deed.area),
            audit_rows::audit_id.eq(deed.audit_id),
            audit_rows::caller.eq(&deed.caller.subject),
            audit_rows::roles.eq(&deed.caller.roles),
            audit_rows::institution.eq(deed.caller.institution.as_ref().map(|code| code.as_str())),
            audit_rows::method.eq(deed.method),
            audit_rows::request_id.eq(deed.request_id),
            audit_rows::digest.eq(deed.digest),
            audit_rows::answer_digest.eq(deed.answer_digest),
            audit_rows::create_time.eq(deed.instant),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::audit::chain::AuditRow;
use crate::schema::{audit_rows, heads};
use crate::session::Scope;
use crate::{Database, DbError};

const PAGE: i64 = 1_000;

/// What the verifier found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The chain is whole.
    Whole {
        /// Rows in the chain.
        n_sealed: i64,
        /// The hash of the last row in lower-case hexadecimal; keep it elsewhere
        /// to notice a chain that was rewritten from its beginning.
        head: String,
    },
    /// The chain is broken; this is the first place.
    Broken(Broken),
}

/// The first row that is not as it was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its position.
    pub position: i64,
    /// Its id; `None` if the row is gone.
    pub audit_id: Option<Uuid>,
    /// What is wrong.
    pub why: &'static str,
}

/// Computes the whole chain again and names the first row that does not fit.
///
/// # Errors
///
/// [`DbError::Unavailable`], [`DbError::PoolExhausted`].
pub async fn verify(database: &Database) -> Result<Verdict, DbError> {
    let mut session = database.background_session().await?;
    session.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", Scope::SUITE).await?;
    let conn = session.conn();
    let (head_position, head_hash): (i64, Vec<u8>) =
        heads::table.find("audit").select((heads::position, heads::hash)).first(conn).await?;

    let (mut position, mut hash) = (0, vec![0; 32]);
    let mut broken = None;
    while broken.is_none() {
        let rows: Vec<AuditRow> = audit_rows::table
            .filter(audit_rows::position.gt(position))
            .order(audit_rows::position)
            .limit(PAGE)
            .select(AuditRow::as_select())
            .load(conn)
            .await?;
        if rows.is_empty() {
            break;
        }
        broken = follow(&rows, &mut position, &mut hash);
    }
    session.rollback().await?;

    let broken = broken.or_else(|| {
        let missing = Broken { position: position + 1, audit_id: None, why: "the row is missing" };
        let replaced = Broken { position, audit_id: None, why: "the chain's head has another hash" };
        if position != head_position { Some(missing) } else { (hash != head_hash).then_some(replaced) }
    });
    Ok(match broken {
        Some(broken) => Verdict::Broken(broken),
        None => Verdict::Whole { n_sealed: position, head: hex::encode(hash) },
    })
}

/// Follows the chain through a page of rows until one does not fit.
fn follow(rows: &[AuditRow], position: &mut i64, hash: &mut Vec<u8>) -> Option<Broken> {
    for row in rows {
        let next = *position + 1;
        if row.position != Some(next) {
            return Some(Broken { position: next, audit_id: None, why: "the row is missing" });
        }
        let expected = row.hash_after(hash, next);
        if row.hash.as_ref() != Some(&expected) {
            let why = "the row, or the one before it, was changed after it was sealed";
            return Some(Broken { position: next, audit_id: Some(row.audit_id), why });
        }
        (*position, *hash) = (next, expected);
    }
    None
}

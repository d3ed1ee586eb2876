//! What is the same in all commands on records.

use medfund_db::{AsyncPgConnection, Tx};
use uuid::Uuid;

use super::Error;
use super::facts::locked_institution;
use crate::domain::record::RecordError;
use crate::store::records::{self, StoredRecord};

/// Keeps a new record that another person is to confirm.
pub(super) async fn keep<R: StoredRecord>(conn: &mut AsyncPgConnection, new: &R) -> Result<(), Error> {
    match records::insert(conn, new).await? {
        true => Ok(()),
        false => Err(RecordError::Exists(R::KIND).into()),
    }
}

/// Refuses a record of whose period another is confirmed.
pub(super) async fn check_open<R: StoredRecord>(conn: &mut AsyncPgConnection, new: &R) -> Result<(), Error> {
    Ok(new.check_open(&records::confirmed(conn, new.head()).await?)?)
}

/// A record as it is when nobody else can decide on it: with its institution locked.
pub(super) async fn locked<R: StoredRecord>(tx: &mut Tx<'_>, id: Uuid) -> Result<R, Error> {
    let area = tx.area();
    let not_found = RecordError::NotFound(R::KIND);
    let found: Option<R> = records::find(tx.conn(), area, id).await?;
    let institution = found.ok_or_else(|| not_found.clone())?.head().institution.clone();
    locked_institution(tx.conn(), area, &institution).await?;
    // Read again: who held the lock may have confirmed it.
    Ok(records::find(tx.conn(), area, id).await?.ok_or(not_found)?)
}

/// The record as the caller confirms it, not written yet.
pub(super) async fn confirmed<R: StoredRecord>(tx: &mut Tx<'_>, record: R) -> Result<R, Error> {
    let others = match record.period() {
        Some(_) => records::confirmed(tx.conn(), record.head()).await?,
        None => vec![],
    };
    Ok(record.confirm(&tx.caller().subject, &others)?)
}

use medfund_db::{DbError, Tx};
use medfund_ledger::{AccountKind, Handed};
use medfund_policy::Matter;

use super::decide::Decide;
use super::pool_approved::pool_approved;
use super::posting::Posting;
use super::year::{Year, require_decision};
use super::{App, Error};
use crate::domain::structure::{Structure, StructureError};
use crate::store;

impl App {
    /// Puts a structure into force: its pools leave through the transit account, each with its event.
    pub(crate) async fn decide_structure(&self, command: Decide) -> Result<Structure, Error> {
        let Decide { call, key, decision, version } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let before = store::structures::lock(tx.conn(), &key).await?;
                    let before = before.ok_or_else(|| StructureError::NotFound(key.clone()))?;

                    let after = before.decide(decision, &tx.caller().subject, version)?;

                    let subject = key.name("structures");
                    require_decision(tx.conn(), decision, Matter::Structure, &key, &subject).await?;
                    let year = Year::of(tx.conn(), &packs, &key).await?;
                    let instant = tx.instant();
                    store::structures::put(tx.conn(), &after, instant).await?;
                    post(tx, &after).await?;
                    for (care, pool) in after.pools() {
                        tx.emit(&pool_approved(&year, &key, care, pool, pool.amount, decision)).await?;
                    }
                    Ok(after)
                })
            })
            .await
    }
}

/// Hands each pool over and keeps what may adjust it.
async fn post(tx: &mut Tx<'_>, structure: &Structure) -> Result<(), DbError> {
    let reference = structure.key.name("structures");
    let mut posting = Posting::on(&structure.key);
    for (care, pool) in structure.pools() {
        let handed = Handed::Pool(care.as_str(), pool.revision);
        posting = posting.hand_over(tx, AccountKind::Target, pool.amount, handed);
        let accounts = (posting.account(AccountKind::Target), posting.pool_adjustment(care));
        posting = posting.transfer(tx, accounts, pool.adjustment, "pool_adjustment_kept", &reference);
    }
    posting.post(tx).await
}

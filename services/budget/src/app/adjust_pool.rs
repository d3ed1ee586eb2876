use medfund_db::{Call, Tx};
use medfund_ledger::Handed;
use medfund_money::{Fen, Node};
use medfund_policy::{KindOfCare, Matter};
use uuid::Uuid;

use super::pool_approved::pool_approved;
use super::posting::Posting;
use super::year::{Year, require_decision};
use super::{App, Error};
use crate::domain::key::BudgetKey;
use crate::domain::quota::QuotaError;
use crate::domain::reserve::ReserveError;
use crate::domain::structure::{Structure, StructureError, pool_name};
use crate::store;

/// Adjusts one pool by decision.
pub(crate) struct AdjustPool {
    pub(crate) call: Call,
    pub(crate) key: BudgetKey,
    pub(crate) care: KindOfCare,
    pub(crate) reason: String,
    /// Not zero.
    pub(crate) change: Fen,
    pub(crate) decision: Uuid,
    pub(crate) version: i64,
}

impl App {
    /// Moves money between what is kept to adjust a pool and the pool, and announces it.
    pub(crate) async fn adjust_pool(&self, command: AdjustPool) -> Result<Structure, Error> {
        let AdjustPool { call, key, care, reason, change, decision, version } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let year = Year::of(tx.conn(), &packs, &key).await?;
                    if year.rules(&key).adjustment.reasons.named(&reason).is_none() {
                        return Err(QuotaError::UnknownReason(reason).into());
                    }
                    // The reserve before the structure, as the clearing takes them.
                    let reserve = store::reserves::lock(tx.conn(), &key).await?;
                    let before = store::structures::lock(tx.conn(), &key).await?;
                    let before = before.ok_or_else(|| StructureError::NotFound(key.clone()))?;
                    if reserve.is_some_and(|reserve| reserve.released.is_some()) {
                        return Err(ReserveError::ClearingOpen(key).into());
                    }

                    let (after, pool) = before.adjust(care, change, version)?;

                    let subject = key.name("structures");
                    require_decision(tx.conn(), decision, Matter::Adjustment, &key, &subject).await?;
                    let instant = tx.instant();
                    store::structures::put(tx.conn(), &after, instant).await?;
                    put_tree(tx, &year, &pool_name(&key, care), change).await?;
                    let posting = Posting::on(&key);
                    let from = posting.pool_adjustment(care);
                    let handed = Handed::Pool(care.as_str(), pool.revision);
                    posting.hand_over_from(tx, from, change, handed).post(tx).await?;
                    tx.emit(&pool_approved(&year, &key, care, pool, change, decision)).await?;
                    Ok(after)
                })
            })
            .await
    }
}

/// Puts the change on the tree of what the pool was.
async fn put_tree(tx: &mut Tx<'_>, year: &Year, name: &str, change: Fen) -> Result<(), Error> {
    let area = tx.area();
    let before = store::derivations::find(tx.conn(), area, name).await?;
    let before = before.ok_or_else(|| Error::UnknownAmount(name.to_owned()))?;
    let inputs = vec![before.root, Node::fen("change_fen", "调剂金调整", change)];
    let tree = year.derivation(Node::sum("pool_fen", "区域总额池", "fen", inputs), "structure/1");
    store::derivations::put(tx.conn(), area, name, None, &tree).await?;
    Ok(())
}

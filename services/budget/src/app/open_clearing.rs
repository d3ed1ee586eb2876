use medfund_db::{Call, DbError, Tx};
use medfund_ledger::{AccountKind, Handed};
use medfund_money::Fen;
use medfund_policy::KindOfCare;
use medfund_proto::budget::v1::{ClearingOpened, PoolAdjustment};
use medfund_server::convert::kind_of_care_to_pb;

use super::posting::Posting;
use super::reserve::put_reserve;
use super::year::{Year, business_date, decided_structure, quotas_decided};
use super::{App, Error};
use crate::domain::decomposition::DecompositionError;
use crate::domain::key::BudgetKey;
use crate::domain::reserve::{Reserve, ReserveError};
use crate::domain::structure::{Pool, Structure};
use crate::store;

/// Opens the year's clearing.
pub(crate) struct OpenClearing {
    pub(crate) call: Call,
    pub(crate) key: BudgetKey,
}

impl App {
    /// Releases what is left of the reserve for overspend and what adjusts pools, and announces it.
    pub(crate) async fn open_clearing(&self, command: OpenClearing) -> Result<Reserve, Error> {
        let OpenClearing { call, key } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let year = Year::of(tx.conn(), &packs, &key).await?;
                    let reserve = store::reserves::lock(tx.conn(), &key).await?;
                    let structure = match year.has_pool(&key) {
                        true => Some(decided_structure(tx.conn(), &key).await?),
                        false => None,
                    };
                    let only_pools = structure.as_ref().is_some_and(|one| one.quotas() == Fen::ZERO);
                    if !only_pools && !quotas_decided(tx.conn(), &key).await? {
                        return Err(DecompositionError::NotFound(key).into());
                    }
                    if business_date(tx.conn(), area).await? <= year.days().1 {
                        return Err(ReserveError::YearNotOver(key).into());
                    }

                    let reserve = reserve.ok_or_else(|| ReserveError::NotFound(key.clone()))?.release()?;

                    let released = reserve.released.unwrap_or(Fen::ZERO);
                    put_reserve(tx, &year, &reserve).await?;
                    let pools: Vec<_> = structure.iter().flat_map(Structure::pools).collect();
                    post(tx, &key, released, &pools).await?;
                    tx.emit(&ClearingOpened {
                        fund_year: key.fund_year.get(),
                        fund_line: key.fund_line.to_string(),
                        district: key.district.to_string(),
                        reserve_fen: released.get(),
                        pool_adjustments: pools.iter().map(adjustment).collect(),
                    })
                    .await?;
                    Ok(reserve)
                })
            })
            .await
    }
}

/// Hands over what may bear overspend and what may adjust the pools.
async fn post(
    tx: &mut Tx<'_>,
    key: &BudgetKey,
    released: Fen,
    pools: &[(KindOfCare, Pool)],
) -> Result<(), DbError> {
    let mut posting = Posting::on(key).hand_over(tx, AccountKind::Reserve, released, Handed::Reserve);
    for (care, pool) in pools {
        let from = posting.pool_adjustment(*care);
        let handed = Handed::PoolAdjustment(care.as_str());
        posting = posting.hand_over_from(tx, from, pool.adjustment, handed);
    }
    posting.post(tx).await
}

fn adjustment((care, pool): &(KindOfCare, Pool)) -> PoolAdjustment {
    PoolAdjustment { kind_of_care: kind_of_care_to_pb(*care).into(), adjustment_fen: pool.adjustment.get() }
}

use medfund_db::Call;
use medfund_ledger::{AccountKind, Handed};
use medfund_money::Fen;
use medfund_proto::budget::v1::ClearingOpened;

use super::posting::Posting;
use super::reserve::put_reserve;
use super::year::{Year, business_date, quotas_decided};
use super::{App, Error};
use crate::domain::decomposition::DecompositionError;
use crate::domain::key::BudgetKey;
use crate::domain::reserve::{Reserve, ReserveError};
use crate::store;

/// Opens the year's clearing.
pub(crate) struct OpenClearing {
    pub(crate) call: Call,
    pub(crate) key: BudgetKey,
}

impl App {
    /// Releases what is left of the reserve for overspend and announces it.
    pub(crate) async fn open_clearing(&self, command: OpenClearing) -> Result<Reserve, Error> {
        let OpenClearing { call, key } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let year = Year::of(tx.conn(), &packs, &key).await?;
                    let reserve = store::reserves::lock(tx.conn(), &key).await?;
                    if !quotas_decided(tx.conn(), &key).await? {
                        return Err(DecompositionError::NotFound(key).into());
                    }
                    if business_date(tx.conn(), area).await? <= year.days().1 {
                        return Err(ReserveError::YearNotOver(key).into());
                    }

                    let reserve = reserve.ok_or_else(|| ReserveError::NotFound(key.clone()))?.release()?;

                    let released = reserve.released.unwrap_or(Fen::ZERO);
                    put_reserve(tx, &year, &reserve).await?;
                    let posting = Posting::on(&key);
                    posting.hand_over(tx, AccountKind::Reserve, released, Handed::Reserve).post(tx).await?;
                    tx.emit(&ClearingOpened {
                        fund_year: key.fund_year.get(),
                        fund_line: key.fund_line.to_string(),
                        district: key.district.to_string(),
                        reserve_fen: released.get(),
                        ..ClearingOpened::default()
                    })
                    .await?;
                    Ok(reserve)
                })
            })
            .await
    }
}

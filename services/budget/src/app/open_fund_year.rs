use medfund_db::Call;
use medfund_proto::budget::v1::FundYearOpened;
use medfund_types::{District, FundYear};

use super::{App, Error};
use crate::domain::calendar::{CalendarError, FundYearOpening};
use crate::domain::pack::{PackError, PackHash, PackState};
use crate::store;

/// Opens a fund year under a published pack.
pub(crate) struct OpenFundYear {
    pub(crate) call: Call,
    pub(crate) fund_year: FundYear,
    pub(crate) pack_hash: PackHash,
    /// Ascending, none twice.
    pub(crate) districts: Vec<District>,
}

impl App {
    /// Fixes a fund year's pack by its hash and announces it.
    pub(crate) async fn open_fund_year(&self, command: OpenFundYear) -> Result<FundYearOpening, Error> {
        let OpenFundYear { call, fund_year, pack_hash, districts } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area().clone();
                    store::calendars::lock(tx.conn(), &area).await?.ok_or(CalendarError::NotFound)?;
                    if store::fund_years::find(tx.conn(), &area, fund_year).await?.is_some() {
                        return Err(CalendarError::FundYearExists(fund_year).into());
                    }
                    let stored = store::packs::find(tx.conn(), &area, &pack_hash)
                        .await?
                        .ok_or_else(|| PackError::NotFound(pack_hash.clone()))?;
                    if stored.state != PackState::Published {
                        return Err(PackError::NotPublished(pack_hash).into());
                    }
                    let pack = packs.get(tx.conn(), &area, &pack_hash).await?;
                    if pack.region() != area.as_str() {
                        return Err(CalendarError::PackNotForArea(pack.region().to_owned()).into());
                    }
                    if !pack
                        .period()
                        .fund_years
                        .iter()
                        .any(|year| i64::from(fund_year.get()) == i64::from(year.get()))
                    {
                        return Err(CalendarError::PackNotForYear(fund_year).into());
                    }
                    let opening =
                        FundYearOpening { area, fund_year, pack_id: stored.pack_id, pack_hash, districts };
                    let instant = tx.instant();
                    store::fund_years::insert(tx.conn(), &opening, instant).await?;
                    tx.emit(&FundYearOpened {
                        fund_year: fund_year.get(),
                        pack_id: opening.pack_id.clone(),
                        pack_hash: opening.pack_hash.to_string(),
                        districts: opening.districts.iter().map(ToString::to_string).collect(),
                    })
                    .await?;
                    Ok(opening)
                })
            })
            .await
    }
}

use medfund_types::FundYear;
use uuid::Uuid;

use super::{App, Error, Read};
use crate::domain::calendar::{Calendar, CalendarError, FundYearOpening};
use crate::domain::decision::{Decision, DecisionError};
use crate::domain::pack::{Pack, PackError, PackHash};
use crate::store;
use crate::store::packs::PackKey;

/// Which rows of a list to read.
#[derive(Clone, Debug)]
pub(crate) struct Page<K> {
    /// The key of the last row already seen.
    pub(crate) after: Option<K>,
    /// How many rows to return; one more is read to see whether there is a next page.
    pub(crate) size: usize,
}

impl App {
    pub(crate) async fn pack(&self, read: Read, hash: PackHash) -> Result<(Pack, Vec<u8>), Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let pack = store::packs::find(conn, &area, &hash).await?;
                    let content = store::packs::content(conn, &area, &hash).await?;
                    Ok(pack.zip(content).ok_or(PackError::NotFound(hash))?)
                })
            })
            .await
    }

    pub(crate) async fn packs(&self, read: Read, page: Page<PackKey>) -> Result<Vec<Pack>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move { Ok(store::packs::list(conn, &area, page.after, page.size + 1).await?) })
            })
            .await
    }

    pub(crate) async fn calendar(&self, read: Read) -> Result<Calendar, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    Ok(store::calendars::find(conn, &area).await?.ok_or(CalendarError::NotFound)?)
                })
            })
            .await
    }

    pub(crate) async fn fund_year(&self, read: Read, fund_year: FundYear) -> Result<FundYearOpening, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let found = store::fund_years::find(conn, &area, fund_year).await?;
                    Ok(found.ok_or(CalendarError::FundYearNotFound(fund_year))?)
                })
            })
            .await
    }

    pub(crate) async fn decision(&self, read: Read, id: Uuid) -> Result<Decision, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    Ok(store::decisions::find(conn, &area, id).await?.ok_or(DecisionError::NotFound(id))?)
                })
            })
            .await
    }

    pub(crate) async fn decisions(
        &self,
        read: Read,
        fund_year: FundYear,
        page: Page<Uuid>,
    ) -> Result<Vec<Decision>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    Ok(store::decisions::list(conn, &area, fund_year, page.after, page.size + 1).await?)
                })
            })
            .await
    }
}

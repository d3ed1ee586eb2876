use medfund_types::FundYear;
use uuid::Uuid;

use super::{Page, read};
use crate::app::{App, Error, Read};
use crate::domain::calendar::{Calendar, CalendarError, FundYearOpening};
use crate::domain::decision::{Decision, DecisionError};
use crate::domain::disclosure::Disclosure;
use crate::domain::pack::{Pack, PackError, PackHash};
use crate::store;
use crate::store::packs::PackKey;

impl App {
    /// A pack with its bytes.
    pub(crate) async fn pack(&self, read: Read, hash: PackHash) -> Result<(Pack, Vec<u8>), Error> {
        let area = read.area.clone();
        read!(self, read, |conn| {
            let pack = store::packs::find(conn, &area, &hash).await?;
            let content = store::packs::content(conn, &area, &hash).await?;
            Ok(pack.zip(content).ok_or(PackError::NotFound(hash))?)
        })
    }

    /// The area's packs by submission time.
    pub(crate) async fn packs(&self, read: Read, page: Page<PackKey>) -> Result<Vec<Pack>, Error> {
        let area = read.area.clone();
        read!(self, read, |conn| Ok(store::packs::list(conn, &area, page.after, page.size + 1).await?))
    }

    /// The area's calendar.
    pub(crate) async fn calendar(&self, read: Read) -> Result<Calendar, Error> {
        let area = read.area.clone();
        read!(self, read, |conn| {
            Ok(store::calendars::find(conn, &area).await?.ok_or(CalendarError::NotFound)?)
        })
    }

    /// A fund year.
    pub(crate) async fn fund_year(&self, read: Read, fund_year: FundYear) -> Result<FundYearOpening, Error> {
        let area = read.area.clone();
        read!(self, read, |conn| {
            let found = store::fund_years::find(conn, &area, fund_year).await?;
            Ok(found.ok_or(CalendarError::FundYearNotFound(fund_year))?)
        })
    }

    /// A decision.
    pub(crate) async fn decision(&self, read: Read, id: Uuid) -> Result<Decision, Error> {
        let area = read.area.clone();
        read!(self, read, |conn| {
            Ok(store::decisions::find(conn, &area, id).await?.ok_or(DecisionError::NotFound(id))?)
        })
    }

    /// A fund year's decisions by id.
    pub(crate) async fn decisions(
        &self,
        read: Read,
        fund_year: FundYear,
        page: Page<Uuid>,
    ) -> Result<Vec<Decision>, Error> {
        let area = read.area.clone();
        read!(self, read, |conn| {
            Ok(store::decisions::list(conn, &area, fund_year, page.after, page.size + 1).await?)
        })
    }

    /// What was published for a fund year, by id.
    pub(crate) async fn disclosures(
        &self,
        read: Read,
        fund_year: FundYear,
        page: Page<Uuid>,
    ) -> Result<Vec<Disclosure>, Error> {
        let area = read.area.clone();
        read!(self, read, |conn| {
            Ok(store::disclosures::list(conn, &area, fund_year, page.after, page.size + 1).await?)
        })
    }
}

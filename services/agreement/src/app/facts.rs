//! What commands look up before they decide.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use medfund_db::{AsyncPgConnection, DbError};
use medfund_policy::Pack;
use medfund_types::{Area, District, FundYear, InstitutionCode, SettlementMonth};

use super::Error;
use crate::domain::error::CommonError;
use crate::domain::institution::Institution;
use crate::domain::pack_rules::year_span;
use crate::domain::rules::YearSpan;
use crate::store;

/// Parsed packs by hash: their bytes never change, so they are parsed once.
#[derive(Debug, Default)]
pub(crate) struct Packs(Mutex<HashMap<String, Arc<Pack>>>);

/// An open fund year with its pack.
pub(crate) struct Year {
    pub(crate) fund_year: FundYear,
    pub(crate) pack: Arc<Pack>,
    pub(crate) pack_hash: String,
    pub(crate) districts: Vec<District>,
    pub(crate) span: YearSpan,
}

impl Packs {
    /// The pack with this hash.
    pub(crate) async fn get(
        &self,
        conn: &mut AsyncPgConnection,
        area: &Area,
        hash: &str,
    ) -> Result<Arc<Pack>, Error> {
        let held = self.held(hash);
        // Another area's pack is none of this one's, even when it is held in memory.
        if let Some(pack) = held
            && store::packs::exists(conn, area, hash).await?
        {
            return Ok(pack);
        }
        let content = store::packs::find(conn, area, hash).await?.ok_or(DbError::NotFound)?;
        let pack = Arc::new(Pack::parse(&content).expect("a pack was found valid before it was stored"));
        let mut packs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(packs.entry(hash.to_owned()).or_insert(pack)))
    }

    fn held(&self, hash: &str) -> Option<Arc<Pack>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }

    /// An open fund year.
    pub(crate) async fn year(
        &self,
        conn: &mut AsyncPgConnection,
        area: &Area,
        fund_year: FundYear,
    ) -> Result<Year, Error> {
        let open = store::fund_years::find(conn, area, fund_year).await?;
        let open = open.ok_or(CommonError::FundYearNotOpen { fund_year })?;
        let pack = self.get(conn, area, &open.pack_hash).await?;
        let span = year_span(&pack, fund_year);
        Ok(Year { fund_year, pack, pack_hash: open.pack_hash, districts: open.districts, span })
    }

    /// A fund year that is not over and that an institution has a signed agreement for.
    pub(crate) async fn agreed_for(
        &self,
        conn: &mut AsyncPgConnection,
        area: &Area,
        code: &InstitutionCode,
        today: NaiveDate,
    ) -> Result<Option<FundYear>, Error> {
        for fund_year in store::agreements::signed_years(conn, area, code).await? {
            if self.year(conn, area, fund_year).await?.span.last >= today {
                return Ok(Some(fund_year));
            }
        }
        Ok(None)
    }

    /// The open fund year that a month lies in.
    pub(crate) async fn year_of_month(
        &self,
        conn: &mut AsyncPgConnection,
        area: &Area,
        month: SettlementMonth,
    ) -> Result<Year, Error> {
        let named = FundYear::try_from(month.year()).expect("a month's year is a fund year's");
        let before = FundYear::try_from(month.year() - 1);
        for fund_year in [Ok(named), before].into_iter().flatten() {
            match self.year(conn, area, fund_year).await {
                Ok(year) if year.span.contains(month.first_day()) => return Ok(year),
                Ok(_) | Err(Error::Common(CommonError::FundYearNotOpen { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        Err(CommonError::FundYearNotOpen { fund_year: named }.into())
    }
}

/// The area's business date.
pub(crate) async fn business_date(conn: &mut AsyncPgConnection, area: &Area) -> Result<NaiveDate, Error> {
    Ok(store::calendars::find(conn, area).await?.ok_or(CommonError::CalendarNotOpen)?)
}

/// Refuses what is dated after the business date.
pub(crate) async fn not_in_future(
    conn: &mut AsyncPgConnection,
    area: &Area,
    date: NaiveDate,
) -> Result<(), Error> {
    let business_date = business_date(conn, area).await?;
    if date > business_date {
        return Err(CommonError::DateInFuture { business_date }.into());
    }
    Ok(())
}

/// Refuses what lies outside of its fund year.
pub(crate) fn in_year(year: &Year, date: NaiveDate) -> Result<(), Error> {
    if year.span.contains(date) {
        return Ok(());
    }
    let YearSpan { first, last } = year.span;
    Err(CommonError::OutsideFundYear { first, last }.into())
}

/// An institution, locked: whatever is decided on one locks it first.
pub(crate) async fn locked_institution(
    conn: &mut AsyncPgConnection,
    area: &Area,
    code: &InstitutionCode,
) -> Result<Institution, Error> {
    let found = store::institutions::lock(conn, area, code).await?;
    Ok(found.ok_or(CommonError::InstitutionNotFound)?)
}

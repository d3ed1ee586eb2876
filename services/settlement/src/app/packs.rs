use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use diesel_async::AsyncPgConnection;
use medfund_policy::{Pack, PackHash, Rules};
use medfund_types::{Area, District, FundLine, FundYear};

use super::Error;
use crate::domain::SettlementError;
use crate::store;
use crate::store::fund_years::FundYearRow;

/// The packs that were read before; a pack never changes.
#[derive(Debug, Default)]
pub(crate) struct Packs(Mutex<HashMap<String, Arc<Pack>>>);

/// An open fund year and its pack.
pub(crate) struct Year {
    pub(crate) row: FundYearRow,
    pub(crate) fund_year: FundYear,
    pub(crate) pack: Arc<Pack>,
}

impl Packs {
    /// Reads an open fund year with its pack.
    pub(crate) async fn year(
        &self,
        conn: &mut AsyncPgConnection,
        area: &Area,
        fund_year: FundYear,
    ) -> Result<Year, Error> {
        let row = store::fund_years::find(conn, area, fund_year).await?;
        let row = row.ok_or(SettlementError::FundYearNotOpen(fund_year))?;
        let pack = self.get(conn, area, &row.pack_hash).await?;
        Ok(Year { row, fund_year, pack })
    }

    async fn get(&self, conn: &mut AsyncPgConnection, area: &Area, hash: &str) -> Result<Arc<Pack>, Error> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(hash).map(Arc::clone);
        if let Some(pack) = known {
            return Ok(pack);
        }
        let bytes = store::packs::content(conn, area, hash).await?.unwrap_or_default();
        let found = PackHash::of(&bytes);
        let pack = Pack::parse(&bytes).map_err(|_| Error::Pack(found))?;
        let pack = Arc::new(pack);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(hash.to_owned(), Arc::clone(&pack));
        Ok(pack)
    }
}

impl Year {
    /// The rules of a fund line.
    pub(crate) fn rules(&self, fund_line: &FundLine) -> Result<&Rules, SettlementError> {
        self.pack.rules(fund_line).ok_or(SettlementError::FundYearNotOpen(self.fund_year))
    }

    /// Refuses a district without a budget of its own.
    pub(crate) fn check_district(&self, district: &District) -> Result<(), SettlementError> {
        let known = self.row.districts.contains(district);
        if known { Ok(()) } else { Err(SettlementError::FundYearNotOpen(self.fund_year)) }
    }
}

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use diesel_async::AsyncPgConnection;
use medfund_policy::{Matter, Pack, Scope};
use medfund_types::{Area, FundYear};

use super::Error;
use crate::domain::calendar::{CalendarError, FundYearOpening};
use crate::domain::decision::{DecidingBody, DecisionError};
use crate::domain::pack::{PackError, PackHash};
use crate::store;

/// Parsed packs by hash: their bytes never change, so they are parsed once.
#[derive(Debug, Default)]
pub(super) struct Packs(Mutex<HashMap<PackHash, Arc<Pack>>>);

impl Packs {
    fn lock(&self) -> MutexGuard<'_, HashMap<PackHash, Arc<Pack>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn held(&self, hash: &PackHash) -> Option<Arc<Pack>> {
        self.lock().get(hash).cloned()
    }

    /// The pack with this hash.
    pub(super) async fn get(
        &self,
        conn: &mut AsyncPgConnection,
        area: &Area,
        hash: &PackHash,
    ) -> Result<Arc<Pack>, Error> {
        // Looked up even when it is held in memory: another area's pack is none of this one's.
        let missing = || PackError::NotFound(hash.clone());
        if let Some(pack) = self.held(hash) {
            let known = store::packs::exists(conn, area, hash).await?;
            return if known { Ok(pack) } else { Err(missing().into()) };
        }
        let content = store::packs::content(conn, area, hash).await?.ok_or_else(missing)?;
        let parsed = Arc::new(Pack::parse(&content).expect("a pack was found valid before it was stored"));
        self.lock().insert(hash.clone(), Arc::clone(&parsed));
        Ok(parsed)
    }

    /// An open fund year with its pack.
    pub(super) async fn of_year(
        &self,
        conn: &mut AsyncPgConnection,
        area: &Area,
        fund_year: FundYear,
    ) -> Result<(FundYearOpening, Arc<Pack>), Error> {
        let opening = store::fund_years::find(conn, area, fund_year).await?;
        let opening = opening.ok_or(CalendarError::FundYearNotOpen(fund_year))?;
        let pack = self.get(conn, area, &opening.pack_hash).await?;
        Ok((opening, pack))
    }
}

/// The body that the pack names for a matter.
pub(super) fn deciding_body(pack: &Pack, matter: Matter) -> Option<DecidingBody> {
    let id = pack.deciding_body(matter)?;
    let scope = pack.body(id.as_str()).map(|body| body.scope.get());
    Some(DecidingBody { id: id.to_string(), of_district: scope == Some(Scope::District) })
}

/// As [`deciding_body`], by the matter's id as a caller writes it.
pub(super) fn named_body(pack: &Pack, matter: &str) -> Result<DecidingBody, DecisionError> {
    let known = matter.parse::<Matter>().ok().and_then(|matter| deciding_body(pack, matter));
    known.ok_or_else(|| DecisionError::UnknownMatter(matter.to_owned()))
}

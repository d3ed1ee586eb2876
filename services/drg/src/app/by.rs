use std::sync::Arc;

use medfund_db::AsyncPgConnection;
use medfund_grouper::crosswalk::Crosswalk as Pairs;
use medfund_types::Area;

use super::kept::Found;
use super::schemes::{Choice, Loaded, Purpose};
use super::{App, Error, Read};
use crate::domain::crosswalk::CrosswalkHash;

/// What cases are to be grouped by, as a caller names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WantedBy {
    pub(crate) choice: Choice,
    /// What their codes are translated by before; `None`: they are not.
    pub(crate) crosswalk: Option<CrosswalkHash>,
}

/// The same, ready to group by.
#[derive(Clone, Debug)]
pub(crate) struct By {
    pub(crate) scheme: Arc<Loaded>,
    pub(crate) crosswalk: Option<Arc<Pairs>>,
}

/// The same, as far as a transaction has to do with it.
pub(super) struct FoundBy {
    scheme: Found<Loaded>,
    crosswalk: Option<Found<Pairs>>,
}

impl App {
    pub(super) async fn find_by(
        &self,
        conn: &mut AsyncPgConnection,
        area: &Area,
        wanted: WantedBy,
        purpose: Purpose,
    ) -> Result<FoundBy, Error> {
        let crosswalk = match wanted.crosswalk {
            Some(hash) => Some(self.crosswalks.find(conn, area, hash, purpose).await?),
            None => None,
        };
        let scheme = self.schemes.find(conn, area, wanted.choice, purpose).await?;
        Ok(FoundBy { scheme, crosswalk })
    }

    pub(super) async fn made_by(&self, found: FoundBy) -> Result<By, Error> {
        let crosswalk = match found.crosswalk {
            Some(found) => Some(self.crosswalks.made(found).await?),
            None => None,
        };
        Ok(By { scheme: self.schemes.made(found.scheme).await?, crosswalk })
    }

    /// A scheme and a crosswalk to group cases by, made when what they were read in is over.
    pub(crate) async fn ready_by(
        &self,
        read: &Read,
        wanted: WantedBy,
        purpose: Purpose,
    ) -> Result<By, Error> {
        let (area, app) = (read.area.clone(), self.clone());
        let found = self
            .reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move { app.find_by(conn, &area, wanted, purpose).await })
            })
            .await?;
        self.made_by(found).await
    }
}

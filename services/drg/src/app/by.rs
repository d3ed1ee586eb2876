use std::sync::Arc;

use medfund_db::AsyncPgConnection;
use medfund_grouper::crosswalk::Crosswalk as Pairs;
use medfund_types::Area;

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

impl App {
    pub(super) async fn by(
        &self,
        conn: &mut AsyncPgConnection,
        area: &Area,
        wanted: WantedBy,
        purpose: Purpose,
    ) -> Result<By, Error> {
        let crosswalk = match wanted.crosswalk {
            Some(hash) => Some(self.crosswalks.get(conn, area, hash, purpose).await?),
            None => None,
        };
        let scheme = self.schemes.get(conn, area, wanted.choice, purpose).await?;
        Ok(By { scheme, crosswalk })
    }

    /// A scheme and a crosswalk to group cases by.
    pub(crate) async fn ready_by(
        &self,
        read: &Read,
        wanted: WantedBy,
        purpose: Purpose,
    ) -> Result<By, Error> {
        let (area, app) = (read.area.clone(), self.clone());
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move { app.by(conn, &area, wanted, purpose).await })
            })
            .await
    }
}

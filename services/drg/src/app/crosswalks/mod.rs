//! Crosswalks: how they are published, and those in memory.

pub(crate) mod publish_crosswalk;
pub(crate) mod submit_crosswalk;

use std::sync::Arc;

use medfund_db::AsyncPgConnection;
use medfund_grouper::crosswalk::Crosswalk as Pairs;
use medfund_grouper::read::Files;
use medfund_types::Area;

use super::kept::Kept;
use super::schemes::Purpose;
use super::{App, Error, Read};
use crate::domain::crosswalk::{Crosswalk, CrosswalkError, CrosswalkHash};
use crate::store::crosswalks::CrosswalkKey;
use crate::store::{self, Page};

/// Crosswalks in memory, as codes are translated by them.
#[derive(Debug, Default)]
pub(super) struct Crosswalks(Kept<Pairs>);

impl Crosswalks {
    pub(super) async fn get(
        &self,
        conn: &mut AsyncPgConnection,
        area: &Area,
        hash: CrosswalkHash,
        purpose: Purpose,
    ) -> Result<Arc<Pairs>, Error> {
        // Looked up even when it is held in memory: another area's crosswalk is none of this one's.
        let found = store::crosswalks::find(conn, area, &hash).await?;
        let found = found.ok_or_else(|| CrosswalkError::NotFound(hash.clone()))?;
        match purpose {
            Purpose::Grouping => drop(found.if_published()?),
            Purpose::Comparison => {}
        }
        if let Some(pairs) = self.0.held(&hash) {
            return Ok(pairs);
        }
        let content = store::crosswalks::content(conn, area, &hash).await?;
        let content = content.ok_or_else(|| CrosswalkError::NotFound(hash.clone()))?;
        let (pairs, _) = Pairs::read(&Files::from([(String::new(), content)]));
        Ok(self.0.keep(hash, pairs))
    }
}

impl App {
    /// A crosswalk with its pairs.
    pub(crate) async fn crosswalk(
        &self,
        read: Read,
        hash: CrosswalkHash,
    ) -> Result<(Crosswalk, String), Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let crosswalk = store::crosswalks::find(conn, &area, &hash).await?;
                    let content = store::crosswalks::content(conn, &area, &hash).await?;
                    Ok(crosswalk.zip(content).ok_or(CrosswalkError::NotFound(hash))?)
                })
            })
            .await
    }

    pub(crate) async fn crosswalks(
        &self,
        read: Read,
        page: Page<CrosswalkKey>,
    ) -> Result<Vec<Crosswalk>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move { Ok(store::crosswalks::list(conn, &area, &page).await?) })
            })
            .await
    }
}

//! Crosswalks: how they are published, and those in memory.

pub(crate) mod publish_crosswalk;
pub(crate) mod submit_crosswalk;

use std::sync::Arc;

use medfund_db::AsyncPgConnection;
use medfund_grouper::crosswalk::Crosswalk as Pairs;
use medfund_grouper::read::Files;
use medfund_types::Area;

use super::kept::{Found, Kept};
use super::schemes::Purpose;
use super::{App, Error, Read};
use crate::domain::crosswalk::{Crosswalk, CrosswalkError, CrosswalkHash};
use crate::store::crosswalks::CrosswalkKey;
use crate::store::{self, Page};

/// Crosswalks in memory, as codes are translated by them.
#[derive(Debug, Default)]
pub(super) struct Crosswalks(Kept<Pairs>);

impl Crosswalks {
    /// The crosswalk, or its bytes; looked up even when it is held in memory: another area's is none of this one's.
    pub(super) async fn find(
        &self,
        conn: &mut AsyncPgConnection,
        area: &Area,
        hash: CrosswalkHash,
        purpose: Purpose,
    ) -> Result<Found<Pairs>, Error> {
        check(conn, area, &hash, purpose).await?;
        if let Some(pairs) = self.0.held(&hash) {
            return Ok(Found::Made(pairs));
        }
        let content = store::crosswalks::content(conn, area, &hash).await?;
        let content = content.ok_or_else(|| CrosswalkError::NotFound(hash.clone()))?;
        Ok(Found::Bytes(hash, content.into_bytes()))
    }

    pub(super) async fn made(&self, found: Found<Pairs>) -> Result<Arc<Pairs>, Error> {
        let read = |_, content: &[u8]| {
            let content = String::from_utf8_lossy(content).into_owned();
            Pairs::read(&Files::from([(String::new(), content)])).0
        };
        Ok(self.0.made(found, read).await?)
    }
}

/// Checks that the area has the crosswalk and may use it.
pub(super) async fn check(
    conn: &mut AsyncPgConnection,
    area: &Area,
    hash: &CrosswalkHash,
    purpose: Purpose,
) -> Result<(), Error> {
    let found = store::crosswalks::find(conn, area, hash).await?;
    let found = found.ok_or_else(|| CrosswalkError::NotFound(hash.clone()))?;
    match purpose {
        Purpose::Grouping => drop(found.if_published()?),
        Purpose::Comparison => {}
    }
    Ok(())
}

impl App {
    /// A crosswalk with its pairs.
    pub(crate) async fn crosswalk(
        &self,
        read: Read,
        hash: CrosswalkHash,
    ) -> Result<(Crosswalk, String), Error> {
        let area = read.area.clone();
        let sees_submitted = read.sees_unpublished();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let crosswalk = store::crosswalks::find(conn, &area, &hash).await?;
                    let seen = |crosswalk: &Crosswalk| sees_submitted || crosswalk.published.is_some();
                    let crosswalk = crosswalk.filter(seen);
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

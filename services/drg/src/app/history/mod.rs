//! Past cases: how they are taken in and told of.

mod cancel_history;
pub(crate) mod finish_history;
pub(crate) mod start_history;
pub(crate) mod take_chunk;

use uuid::Uuid;

use super::{App, Error, Read};
use crate::domain::history::{History, HistoryError};
use crate::store::histories::HistoryKey;
use crate::store::history_errors::{ErrorKey, StoredError};
use crate::store::{self, Page};

impl App {
    pub(crate) async fn history(&self, read: Read, id: Uuid) -> Result<History, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let found = store::histories::find(conn, &area, id).await?;
                    Ok(found.ok_or(HistoryError::NotFound)?)
                })
            })
            .await
    }

    pub(crate) async fn histories(&self, read: Read, page: Page<HistoryKey>) -> Result<Vec<History>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move { Ok(store::histories::list(conn, &area, &page).await?) })
            })
            .await
    }

    pub(crate) async fn history_errors(
        &self,
        read: Read,
        id: Uuid,
        page: Page<ErrorKey>,
    ) -> Result<Vec<StoredError>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let found = store::histories::find(conn, &area, id).await?;
                    found.ok_or(HistoryError::NotFound)?;
                    Ok(store::history_errors::list(conn, &area, id, &page).await?)
                })
            })
            .await
    }
}

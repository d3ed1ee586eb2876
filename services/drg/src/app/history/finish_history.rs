use medfund_db::Call;
use uuid::Uuid;

use crate::app::{App, Error};
use crate::domain::history::{History, HistoryError};
use crate::store;

impl App {
    /// Ends a history whose lines were all sent.
    pub(crate) async fn finish_history(&self, call: Call, id: Uuid) -> Result<History, Error> {
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let (area, instant) = (tx.area(), tx.instant());
                    let history = store::histories::lock(tx.conn(), area, id).await?;
                    let history = history.ok_or(HistoryError::NotFound)?.finish(instant)?;
                    store::histories::update(tx.conn(), &history).await?;
                    store::history_case_ids::delete(tx.conn(), area, id).await?;
                    Ok(history)
                })
            })
            .await
    }
}

use medfund_db::Call;
use uuid::Uuid;

use crate::app::{App, Error};
use crate::domain::history::{History, HistoryError};
use crate::store;

impl App {
    /// Gives up a history that is not finished and deletes its cases.
    pub(crate) async fn cancel_history(&self, call: Call, id: Uuid) -> Result<History, Error> {
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let (area, instant) = (tx.area(), tx.instant());
                    let history = store::histories::lock(tx.conn(), area, id).await?;
                    let history = history.ok_or(HistoryError::NotFound)?.cancel(instant)?;
                    store::history_cases::delete(tx.conn(), area, id).await?;
                    store::history_errors::delete(tx.conn(), area, id).await?;
                    store::history_case_ids::delete(tx.conn(), area, id).await?;
                    store::histories::update(tx.conn(), &history).await?;
                    Ok(history)
                })
            })
            .await
    }
}

use medfund_db::Call;

use crate::app::{App, Error};
use crate::domain::history::{Counts, History, HistoryError};
use crate::domain::scheme::{SchemeError, SchemeHash};
use crate::store;

/// Starts a history, or takes up the one of the same file.
pub(crate) struct StartHistory {
    /// The call; its request id is a new history's id.
    pub(crate) call: Call,
    pub(crate) scheme: SchemeHash,
    pub(crate) file_digest: [u8; 32],
    pub(crate) n_lines: i64,
}

impl App {
    /// Keeps a place for a file of past cases.
    pub(crate) async fn start_history(&self, command: StartHistory) -> Result<History, Error> {
        let StartHistory { call, scheme, file_digest, n_lines } = command;
        let id = call.request_id;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let (area, instant) = (tx.area(), tx.instant());
                    let found = store::schemes::find(tx.conn(), area, &scheme).await?;
                    found.ok_or_else(|| SchemeError::NotFound(scheme.clone()))?;
                    let history = History {
                        area: area.clone(),
                        id,
                        scheme,
                        file_digest,
                        n_lines,
                        finished: false,
                        cancelled: false,
                        counts: Counts::default(),
                        content_digest: [0; 32],
                        create_time: instant,
                        update_time: instant,
                    };
                    if store::histories::insert(tx.conn(), &history).await? {
                        return Ok(history);
                    }
                    let History { scheme, file_digest, .. } = &history;
                    let known = store::histories::find_file(tx.conn(), area, scheme, file_digest).await?;
                    Ok(known.ok_or(HistoryError::Exists)?.resume(n_lines)?)
                })
            })
            .await
    }
}

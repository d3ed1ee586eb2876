use medfund_db::Call;

use super::{CaseKey, lock, save};
use crate::app::{Error, Settlement};
use crate::domain::special_case::Opinion;
use crate::store::special_cases::SpecialCaseRow;

/// Records what an expert thinks of a case.
pub(crate) struct RecordOpinion {
    pub(crate) call: Call,
    pub(crate) key: CaseKey,
    pub(crate) expert: String,
    pub(crate) opinion: Opinion,
}

impl Settlement {
    /// Records an expert's opinion, which never changes.
    pub(crate) async fn record_opinion(&self, command: RecordOpinion) -> Result<SpecialCaseRow, Error> {
        let RecordOpinion { call, key, expert, opinion } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let row = lock(tx, &key, None).await?;
                    let review = row.review().note_opinion(&expert, opinion)?;
                    save(tx, row, review).await
                })
            })
            .await
    }
}

use medfund_db::Call;

use super::{CaseKey, lock, save};
use crate::app::{Error, Settlement};
use crate::store::special_cases::SpecialCaseRow;

/// Decides on the outcome that is proposed for a case.
pub(crate) struct DecideOutcome {
    pub(crate) call: Call,
    pub(crate) key: CaseKey,
    pub(crate) approves: bool,
    pub(crate) expected_version: i64,
}

impl Settlement {
    /// Approves what somebody else proposed, or has it proposed anew.
    pub(crate) async fn decide_outcome(&self, command: DecideOutcome) -> Result<SpecialCaseRow, Error> {
        let DecideOutcome { call, key, approves, expected_version } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let row = lock(tx, &key, Some(expected_version)).await?;
                    let checker = tx.caller().subject.clone();
                    let review = row.review().decide(approves, &checker, &key.name(tx.area()))?;
                    let checker = Some(checker).filter(|_| approves);
                    save(tx, SpecialCaseRow { checker, ..row }, review).await
                })
            })
            .await
    }
}

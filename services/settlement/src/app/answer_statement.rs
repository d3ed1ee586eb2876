use medfund_db::Call;

use super::{Error, Settlement};
use crate::domain::{Answer, SettlementError};
use crate::store;
use crate::store::statements::StatementRow;

/// Answers a statement.
pub(crate) struct AnswerStatement {
    pub(crate) call: Call,
    pub(crate) statement_id: String,
    pub(crate) expected_version: i64,
    pub(crate) answer: Answer,
}

impl Settlement {
    /// Confirms, disputes or resolves a statement.
    pub(crate) async fn answer_statement(&self, command: AnswerStatement) -> Result<StatementRow, Error> {
        let AnswerStatement { call, statement_id, expected_version, answer } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area().clone();
                    let mut row = store::statements::lock(tx.conn(), &area, &statement_id)
                        .await?
                        .ok_or(SettlementError::StatementNotFound)?;
                    check_version(row.version, expected_version)?;
                    row.state = row.state.answered(&answer)?;
                    match answer {
                        Answer::Confirm => {}
                        Answer::Dispute { reason } => row.dispute_reason = reason,
                        Answer::Resolve { answer } => row.dispute_answer = answer,
                    }
                    row.version += 1;
                    store::statements::update(tx.conn(), &row).await?;
                    Ok(row)
                })
            })
            .await
    }
}

/// Refuses what was read at another version.
pub(super) fn check_version(current: i64, expected: i64) -> Result<(), SettlementError> {
    if expected == current { Ok(()) } else { Err(SettlementError::EtagMismatch { current, expected }) }
}

use medfund_db::Call;

use super::{Error, Settlement};
use crate::domain::SettlementError;
use crate::store;
use crate::store::statements::StatementRow;

/// What somebody says to a statement.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// The institution confirms it.
    Confirm,
    /// The institution disputes it.
    Dispute { reason: String },
    /// The agency answers the dispute; the statement stands.
    Resolve { answer: String },
}

/// Answers a statement.
pub(crate) struct AnswerStatement {
    pub(crate) call: Call,
    pub(crate) statement_id: String,
    pub(crate) expected_version: Option<i64>,
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
                    let row = store::statements::lock(tx.conn(), &area, &statement_id)
                        .await?
                        .ok_or(SettlementError::StatementNotFound)?;
                    let after = decide(row, answer, expected_version)?;
                    store::statements::update(tx.conn(), &after).await?;
                    Ok(after)
                })
            })
            .await
    }
}

fn decide(
    before: StatementRow,
    answer: Answer,
    expected: Option<i64>,
) -> Result<StatementRow, SettlementError> {
    check_version(before.version, expected)?;
    let mut after = before;
    match (answer, after.state.as_str()) {
        (Answer::Confirm, "issued") => "confirmed".clone_into(&mut after.state),
        (Answer::Dispute { reason }, "issued") => {
            "disputed".clone_into(&mut after.state);
            after.dispute_reason = reason;
        }
        (Answer::Resolve { answer }, "disputed") => {
            "answered".clone_into(&mut after.state);
            after.dispute_answer = answer;
        }
        (Answer::Confirm | Answer::Dispute { .. }, _) => {
            return Err(SettlementError::StatementNotOpen(after.state));
        }
        (Answer::Resolve { .. }, _) => return Err(SettlementError::StatementNotDisputed(after.state)),
    }
    after.version += 1;
    Ok(after)
}

/// Refuses what was read at another version.
pub(super) fn check_version(current: i64, expected: Option<i64>) -> Result<(), SettlementError> {
    match expected {
        Some(expected) if expected != current => Err(SettlementError::EtagMismatch { current, expected }),
        Some(_) | None => Ok(()),
    }
}

use medfund_db::Call;

use super::{App, Error};
use crate::domain::budget::{Budget, BudgetError};
use crate::domain::key::BudgetKey;
use crate::store;

/// Finds a budget in order or returns it.
pub(crate) struct ReviewBudget {
    pub(crate) call: Call,
    pub(crate) key: BudgetKey,
    pub(crate) in_order: bool,
    pub(crate) note: String,
    pub(crate) version: i64,
}

impl App {
    /// Writes what the finance bureau found.
    pub(crate) async fn review_budget(&self, command: ReviewBudget) -> Result<Budget, Error> {
        let ReviewBudget { call, key, in_order, note, version } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let before =
                        store::budgets::lock(tx.conn(), &key).await?.ok_or(BudgetError::NotFound(key))?;

                    let after = before.review(in_order, note, &tx.caller().subject, version)?;

                    let instant = tx.instant();
                    store::budgets::put(tx.conn(), &after, instant).await?;
                    Ok(after)
                })
            })
            .await
    }
}

use medfund_policy::Matter;

use super::decide::Decide;
use super::year::require_decision;
use super::{App, Error};
use crate::domain::budget::{Budget, BudgetError};
use crate::store;

impl App {
    /// Makes a reviewed budget binding.
    pub(crate) async fn decide_budget(&self, command: Decide) -> Result<Budget, Error> {
        let Decide { call, key, decision, version } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let before = store::budgets::lock(tx.conn(), &key)
                        .await?
                        .ok_or_else(|| BudgetError::NotFound(key.clone()))?;

                    let after = before.approve(decision, &tx.caller().subject, version)?;

                    require_decision(tx.conn(), decision, Matter::Budget, &key, &key.name("budgets")).await?;
                    let instant = tx.instant();
                    store::budgets::put(tx.conn(), &after, instant).await?;
                    Ok(after)
                })
            })
            .await
    }
}

use medfund_db::Call;
use medfund_policy::Matter;

use super::year::{Year, require_decision};
use super::{App, Error, rules};
use crate::domain::budget::{Budget, BudgetProposal};
use crate::domain::key::BudgetKey;
use crate::store;

/// Proposes the income and expenditure budget.
pub(crate) struct ProposeBudget {
    pub(crate) call: Call,
    pub(crate) key: BudgetKey,
    pub(crate) proposal: BudgetProposal,
}

impl App {
    /// Proposes a budget in the place of the one before.
    pub(crate) async fn propose_budget(&self, command: ProposeBudget) -> Result<Budget, Error> {
        let ProposeBudget { call, key, proposal } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let year = Year::of(tx.conn(), &packs, &key).await?;
                    // Without a budget there is no row of its own to lock: two first proposals take turns here.
                    store::fund_years::lock(tx.conn(), &key.area, key.fund_year).await?;
                    let before = store::budgets::lock(tx.conn(), &key).await?;
                    let deficit = proposal.deficit_decision;

                    let rules = rules::budget(year.rules(&key));
                    let maker = &tx.caller().subject;
                    let budget = Budget::propose(key, before.as_ref(), proposal, &rules, maker)?;

                    if let Some(decision) = deficit {
                        let subject = budget.key.name("budgets");
                        require_decision(tx.conn(), decision, Matter::Deficit, &budget.key, &subject).await?;
                    }
                    let instant = tx.instant();
                    store::budgets::put(tx.conn(), &budget, instant).await?;
                    Ok(budget)
                })
            })
            .await
    }
}

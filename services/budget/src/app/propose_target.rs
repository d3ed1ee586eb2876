use medfund_db::Call;
use medfund_money::Derivation;

use super::year::Year;
use super::{App, Error, rules};
use crate::domain::budget::BudgetState;
use crate::domain::key::BudgetKey;
use crate::domain::target::{Target, TargetError, TargetProposal};
use crate::store;

/// Proposes the total-control target.
pub(crate) struct ProposeTarget {
    pub(crate) call: Call,
    pub(crate) key: BudgetKey,
    pub(crate) proposal: TargetProposal,
}

impl App {
    /// Computes a target from the approved budget and keeps its tree.
    pub(crate) async fn propose_target(&self, command: ProposeTarget) -> Result<(Target, Derivation), Error> {
        let ProposeTarget { call, key, proposal } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let year = Year::of(tx.conn(), &packs, &key).await?;
                    let budget = store::budgets::lock(tx.conn(), &key).await?;
                    let budget = budget.filter(|budget| budget.state == BudgetState::Approved);
                    let budget = budget.ok_or_else(|| TargetError::BudgetNotApproved(key.clone()))?;
                    let before = store::targets::lock(tx.conn(), &key).await?;

                    let rules = rules::target(year.rules(&key));
                    let maker = &tx.caller().subject;
                    let target =
                        Target::propose(key, before.as_ref(), budget.expenditure, proposal, &rules, maker)?;
                    let tree = year.derivation(target.tree(&rules), "target/1");

                    let (area, instant) = (tx.area(), tx.instant());
                    store::targets::put(tx.conn(), &target, instant).await?;
                    let amount = target.key.name("targets");
                    store::derivations::put(tx.conn(), area, &amount, None, &tree).await?;
                    Ok((target, tree))
                })
            })
            .await
    }
}

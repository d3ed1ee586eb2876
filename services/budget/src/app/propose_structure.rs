use medfund_db::{Call, Tx};
use medfund_money::Exact;
use medfund_policy::KindOfCare;

use super::year::{Year, decided_target};
use super::{App, Error, rules};
use crate::domain::key::BudgetKey;
use crate::domain::structure::{Divided, Structure, StructureError, amount_name, pool_name};
use crate::store;

/// Divides a target among kinds of care.
pub(crate) struct ProposeStructure {
    pub(crate) call: Call,
    pub(crate) key: BudgetKey,
    pub(crate) shares: Vec<(KindOfCare, Exact)>,
}

impl App {
    /// Computes what each kind of care gets of a decided target and keeps the trees.
    pub(crate) async fn propose_structure(&self, command: ProposeStructure) -> Result<Structure, Error> {
        let ProposeStructure { call, key, shares } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let year = Year::of(tx.conn(), &packs, &key).await?;
                    let target = decided_target(tx.conn(), &key).await?;
                    let target = target.ok_or_else(|| StructureError::TargetNotDecided(key.clone()))?;
                    let before = store::structures::lock(tx.conn(), &key).await?;

                    let rules = rules::structure(&year, &key);
                    let maker = &tx.caller().subject;
                    let divided =
                        Structure::propose(key, before.as_ref(), target.target, &shares, &rules, maker)?;

                    keep(tx, &year, divided).await
                })
            })
            .await
    }
}

async fn keep(tx: &mut Tx<'_>, year: &Year, divided: Divided) -> Result<Structure, Error> {
    let Divided { structure, trees } = divided;
    let (area, instant) = (tx.area(), tx.instant());
    store::structures::put(tx.conn(), &structure, instant).await?;
    for (budget, trees) in structure.cares.iter().zip(trees) {
        let pool = trees.pool.map(|tree| (pool_name(&structure.key, budget.care), tree));
        let amount = (amount_name(&structure.key, budget.care), trees.amount);
        for (name, tree) in std::iter::once(amount).chain(pool) {
            let tree = year.derivation(tree, "structure/1");
            store::derivations::put(tx.conn(), area, &name, None, &tree).await?;
        }
    }
    Ok(structure)
}

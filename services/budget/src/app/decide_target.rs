use medfund_db::{DbError, Tx};
use medfund_ledger::AccountKind;
use medfund_policy::Matter;

use super::decide::Decide;
use super::posting::Posting;
use super::reserve::put_reserve;
use super::year::{Year, require_decision};
use super::{App, Error};
use crate::domain::reserve::Reserve;
use crate::domain::target::{Target, TargetError};
use crate::store;

impl App {
    /// Puts a target into force, plans its reserve and posts both.
    pub(crate) async fn decide_target(&self, command: Decide) -> Result<Target, Error> {
        let Decide { call, key, decision, version } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let before = store::targets::lock(tx.conn(), &key)
                        .await?
                        .ok_or_else(|| TargetError::NotFound(key.clone()))?;

                    let after = before.decide(decision, &tx.caller().subject, version)?;

                    require_decision(tx.conn(), decision, Matter::Target, &key, &key.name("targets")).await?;
                    let year = Year::of(tx.conn(), &packs, &key).await?;
                    let instant = tx.instant();
                    store::targets::put(tx.conn(), &after, instant).await?;
                    put_reserve(tx, &year, &Reserve::planned(&after)).await?;
                    post(tx, &after).await?;
                    Ok(after)
                })
            })
            .await
    }
}

/// Splits the budget to deductions, reserve and target.
async fn post(tx: &mut Tx<'_>, target: &Target) -> Result<(), DbError> {
    let reference = target.key.name("targets");
    let mut posting = Posting::on(&target.key);
    let budget = posting.account(AccountKind::Budget);
    for deduction in &target.deductions {
        let accounts = (budget.clone(), posting.deduction(&deduction.id));
        posting = posting.transfer(tx, accounts, deduction.amount, "deduction_planned", &reference);
    }
    let accounts = (budget.clone(), posting.account(AccountKind::Reserve));
    posting = posting.transfer(tx, accounts, target.reserve, "reserve_planned", &reference);
    let accounts = (budget, posting.account(AccountKind::Target));
    posting.transfer(tx, accounts, target.target, "target_decided", &reference).post(tx).await
}

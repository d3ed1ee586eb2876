use diesel_async::AsyncPgConnection;
use medfund_db::Call;
use medfund_money::Fen;
use medfund_policy::Matter;
use uuid::Uuid;

use super::policy::deciding_body;
use super::year::{Year, business_date, require_decision};
use super::{App, Error, rules};
use crate::domain::decision::DecisionError;
use crate::domain::final_account::{
    FinalAccount, FinalAccountError, InstitutionFinal, PoolFinal, YearFigures,
};
use crate::domain::key::BudgetKey;
use crate::domain::structure::Structure;
use crate::domain::target::{Deduction, in_order};
use crate::store;
use crate::store::cleared_institutions::Cleared;

/// Closes a final account.
pub(crate) struct CloseAccounts {
    pub(crate) call: Call,
    pub(crate) key: BudgetKey,
    pub(crate) income: Fen,
    pub(crate) backstop: Fen,
    pub(crate) risk_fund: Fen,
    pub(crate) deductions: Vec<Deduction>,
    pub(crate) decision: Option<Uuid>,
}

impl App {
    /// Adds up the year of a fund line in a district.
    pub(crate) async fn close_accounts(&self, command: CloseAccounts) -> Result<FinalAccount, Error> {
        let CloseAccounts { call, key, income, backstop, risk_fund, deductions, decision } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let year = Year::of(tx.conn(), &packs, &key).await?;
                    let line_rules = year.rules(&key);
                    // Who closes first holds the reserve until the account stands.
                    let reserve = store::reserves::lock(tx.conn(), &key).await?;
                    if store::final_accounts::find(tx.conn(), &key).await?.is_some() {
                        return Err(FinalAccountError::Exists(key).into());
                    }
                    let cleared = reserve
                        .and_then(|reserve| reserve.cleared)
                        .ok_or_else(|| FinalAccountError::ClearingNotApproved(key.district.clone()))?;
                    let (fund_year, line) = (key.fund_year.get(), &key.fund_line);
                    let allotment =
                        store::primary_care_allotments::find(tx.conn(), area, fund_year, line).await?;
                    if allotment.is_none() && line_rules.budget.reserve.primary_care.is_some() {
                        return Err(FinalAccountError::PrimaryCareNotAllotted.into());
                    }
                    let shares = allotment.into_iter().flat_map(|allotment| allotment.districts);
                    let primary_care = shares
                        .filter(|share| share.district == key.district)
                        .map(|share| share.allotted)
                        .sum();
                    let deductions = in_order(&deductions, &rules::deductions(line_rules))?;
                    let matter = Matter::FinalAccounts;
                    match decision {
                        Some(id) => {
                            let subject = key.name("finalAccounts");
                            require_decision(tx.conn(), id, matter, &key, &subject).await?;
                        }
                        None if deciding_body(&year.pack, matter).is_some() => {
                            return Err(DecisionError::Required(matter.as_str()).into());
                        }
                        None => {}
                    }

                    let institutions = store::cleared_institutions::list(tx.conn(), &key).await?;
                    let figures = YearFigures {
                        income,
                        backstop,
                        risk_fund,
                        deductions,
                        settled: cleared.settled,
                        primary_care,
                        pools: pools(tx.conn(), &key, &institutions).await?,
                        institutions: finals(tx.conn(), &key, institutions).await?,
                    };
                    let range = rules::surplus(line_rules);
                    let today = business_date(tx.conn(), area).await?;
                    let (account, tree) = FinalAccount::close(key, figures, range.as_ref(), today);

                    store::final_accounts::insert(tx.conn(), &account).await?;
                    let tree = year.derivation(tree, "final_account/1");
                    let amount = account.key.name("finalAccounts");
                    store::derivations::put(tx.conn(), area, &amount, None, &tree).await?;
                    Ok(account)
                })
            })
            .await
    }
}

async fn finals(
    conn: &mut AsyncPgConnection,
    key: &BudgetKey,
    cleared: Vec<Cleared>,
) -> Result<Vec<InstitutionFinal>, Error> {
    let quotas = store::quotas::list_all(conn, key).await?;
    let quota_of =
        |code: &_| quotas.iter().find(|quota| quota.key.institution == *code).map(|quota| quota.adjusted);
    let finals = cleared.into_iter().map(|one| InstitutionFinal {
        adjusted_quota: quota_of(&one.institution).unwrap_or(Fen::ZERO),
        pooled: one.pools.iter().map(|share| share.settled).sum(),
        institution: one.institution,
        payable: one.payable,
        settled: one.settled,
    });
    Ok(finals.collect())
}

async fn pools(
    conn: &mut AsyncPgConnection,
    key: &BudgetKey,
    cleared: &[Cleared],
) -> Result<Vec<PoolFinal>, Error> {
    let structure = store::structures::find(conn, key).await?;
    let received = |care| {
        let shares = cleared.iter().flat_map(|one| &one.pools).filter(|share| share.care == care);
        shares.map(|share| share.settled).sum()
    };
    let finals = structure.iter().flat_map(Structure::pools).map(|(care, pool)| PoolFinal {
        care,
        amount: pool.amount,
        adjustment: pool.adjustment,
        settled: received(care),
    });
    Ok(finals.collect())
}

use std::collections::BTreeMap;

use diesel_async::AsyncPgConnection;
use medfund_db::{Call, Tx};
use medfund_money::{Exact, Fen};
use medfund_policy::KindOfCare;

use super::year::{Year, decided_structure, decided_target};
use super::{App, Error, rules};
use crate::domain::decomposition::{Candidate, Decomposed, Decomposition, DecompositionError};
use crate::domain::key::BudgetKey;
use crate::domain::target::Target;
use crate::store;

/// Decomposes a target into quotas.
pub(crate) struct ProposeDecomposition {
    pub(crate) call: Call,
    pub(crate) key: BudgetKey,
    pub(crate) forecast: Option<Exact>,
    /// The kinds of care that the quotas are meant for; none: those that have quotas.
    pub(crate) cares: Vec<KindOfCare>,
}

impl App {
    /// Computes quotas from histories, coefficients and the floor, and keeps their trees.
    pub(crate) async fn propose_decomposition(
        &self,
        command: ProposeDecomposition,
    ) -> Result<Decomposition, Error> {
        let ProposeDecomposition { call, key, forecast, cares } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let year = Year::of(tx.conn(), &packs, &key).await?;
                    let quota = year.quota(&key)?;
                    year.require_quotas_of(&key, &cares)?;
                    let target = decided_target(tx.conn(), &key).await?;
                    let target = target.ok_or_else(|| DecompositionError::TargetNotDecided(key.clone()))?;
                    let decomposed = decomposed(tx.conn(), &year, &target).await?;
                    let before = store::decompositions::lock(tx.conn(), &key).await?;
                    let candidates = candidates(tx.conn(), &key).await?;
                    none_elsewhere(tx.conn(), &key, &candidates).await?;

                    let rules = rules::decomposition(quota);
                    let maker = &tx.caller().subject;
                    let decomposed = Decomposition::propose(
                        &key,
                        before.as_ref(),
                        decomposed,
                        &candidates,
                        forecast,
                        &rules,
                        maker,
                    )?;

                    keep(tx, &year, decomposed).await
                })
            })
            .await
    }
}

/// What is decomposed of a target: all of it, or what its structure leaves beside the pools.
async fn decomposed(conn: &mut AsyncPgConnection, year: &Year, target: &Target) -> Result<Fen, Error> {
    let key = &target.key;
    if !year.has_pool(key) {
        return Ok(target.target);
    }
    match decided_structure(conn, key).await?.quotas() {
        Fen::ZERO => Err(DecompositionError::NothingToDecompose(key.clone()).into()),
        quotas => Ok(quotas),
    }
}

/// The district's active institutions with all that is recorded of them.
async fn candidates(conn: &mut AsyncPgConnection, key: &BudgetKey) -> Result<Vec<Candidate>, Error> {
    let institutions = store::institutions::list_active(conn, &key.area, &key.district).await?;
    let histories = store::histories::list_all(conn, key).await?;
    let mut histories: BTreeMap<_, _> =
        histories.into_iter().map(|one| (one.key.institution.clone(), one)).collect();
    let applications = store::applications::list_all(conn, key).await?;
    let applications: BTreeMap<_, _> =
        applications.into_iter().map(|one| (one.key.institution, one.applied)).collect();
    let factors = store::coefficients::list_all(conn, key).await?;
    let mut factors: BTreeMap<_, _> =
        factors.into_iter().map(|one| (one.key.institution, one.factors)).collect();
    let candidate = |institution: crate::domain::quota::Institution| Candidate {
        history: histories.remove(&institution.code),
        applied: applications.get(&institution.code).copied(),
        officer_factors: factors
            .remove(&institution.code)
            .unwrap_or_default()
            .into_iter()
            .map(|factor| (factor.id, factor.value))
            .collect(),
        institution,
    };
    Ok(institutions.into_iter().map(candidate).collect())
}

/// Makes sure that no institution with a history has its quota of the year in another district.
async fn none_elsewhere(
    conn: &mut AsyncPgConnection,
    key: &BudgetKey,
    candidates: &[Candidate],
) -> Result<(), Error> {
    let weighed = candidates.iter().filter(|candidate| candidate.history.is_some());
    let codes: Vec<_> = weighed.map(|candidate| &candidate.institution.code).collect();
    match store::quotas::find_elsewhere(conn, key, &codes).await? {
        None => Ok(()),
        Some((institution, district)) => {
            Err(DecompositionError::QuotaElsewhere { institution, district }.into())
        }
    }
}

async fn keep(tx: &mut Tx<'_>, year: &Year, decomposed: Decomposed) -> Result<Decomposition, Error> {
    let Decomposed { decomposition, floor_tree, quota_trees } = decomposed;
    let (area, instant) = (tx.area(), tx.instant());
    let key = &decomposition.key;
    store::decompositions::put(tx.conn(), &decomposition, instant).await?;
    store::quotas::replace(tx.conn(), key, &decomposition.quotas).await?;
    let floor = format!("{}/primaryFloor", key.name("decompositions"));
    let tree = year.derivation(floor_tree, "decomposition/1");
    store::derivations::put(tx.conn(), area, &floor, None, &tree).await?;
    for (quota, tree) in decomposition.quotas.iter().zip(quota_trees) {
        let tree = year.derivation(tree, "decomposition/1");
        let (amount, code) = (quota.key.name("quotas"), &quota.key.institution);
        store::derivations::put(tx.conn(), area, &amount, Some(code), &tree).await?;
    }
    Ok(decomposition)
}

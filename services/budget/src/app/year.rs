use std::sync::Arc;

use chrono::NaiveDate;
use diesel_async::AsyncPgConnection;
use medfund_db::Tx;
use medfund_money::{Derivation, Node};
use medfund_policy::{KindOfCare, Matter, Pack, Quota, Regime, Rules};
use medfund_types::{Area, SettlementMonth};
use uuid::Uuid;

use super::Error;
use super::policy::Packs;
use crate::domain::calendar::{CalendarError, FundYearOpening};
use crate::domain::decision::DecisionError;
use crate::domain::decomposition::{DecompositionError, DecompositionState};
use crate::domain::key::BudgetKey;
use crate::domain::quota::QuotaError;
use crate::domain::structure::{Structure, StructureError, StructureState};
use crate::domain::target::Target;
use crate::store;

/// An open fund year with the pack it runs under.
pub(super) struct Year {
    pub(super) opening: FundYearOpening,
    pub(super) pack: Arc<Pack>,
}

impl Year {
    /// The fund year of a budget, which must have its fund line and district.
    pub(super) async fn of(
        conn: &mut AsyncPgConnection,
        packs: &Packs,
        key: &BudgetKey,
    ) -> Result<Self, Error> {
        let (opening, pack) = packs.of_year(conn, &key.area, key.fund_year).await?;
        opening.covers(key, pack.fund_lines().keys())?;
        Ok(Self { opening, pack })
    }

    /// The rules of one of the year's fund lines.
    pub(super) fn rules(&self, key: &BudgetKey) -> &Rules {
        self.pack.rules(&key.fund_line).expect("the year covers the fund line")
    }

    /// The kinds of care that a fund line pays.
    pub(super) fn pays(&self, key: &BudgetKey) -> &[KindOfCare] {
        let line = self.pack.fund_lines().get(&key.fund_line);
        &line.expect("the year covers the fund line").pays
    }

    /// Whether a kind of care of a fund line is a pool.
    pub(super) fn has_pool(&self, key: &BudgetKey) -> bool {
        self.rules(key).pooled(self.pays(key)).next().is_some()
    }

    /// The rules of a fund line's quotas.
    ///
    /// # Errors
    ///
    /// [`DecompositionError::NoQuotaOf`] the pool that stands in their place, or what else the
    /// line pays, if no kind of care that it pays has them.
    pub(super) fn quota(&self, key: &BudgetKey) -> Result<&Quota, DecompositionError> {
        let (rules, pays) = (self.rules(key), self.pays(key));
        match &rules.quota {
            Some(quota) if pays.iter().any(|kind| rules.meets_quota(*kind)) => Ok(quota),
            Some(_) | None => {
                let pooled = rules.pooled(pays).next().map(|(kind, _)| kind);
                Err(self.no_quota_of(key, pooled.unwrap_or(pays[0])))
            }
        }
    }

    /// Makes sure that named kinds of care are those that a fund line's quotas are for.
    pub(super) fn require_quotas_of(
        &self,
        key: &BudgetKey,
        named: &[KindOfCare],
    ) -> Result<(), DecompositionError> {
        let meets_quota =
            |kind: &&KindOfCare| self.pays(key).contains(*kind) && self.rules(key).meets_quota(**kind);
        if let Some(kind) = named.iter().find(|kind| !meets_quota(kind)) {
            return Err(self.no_quota_of(key, *kind));
        }
        let left_out = self.pays(key).iter().filter(meets_quota).find(|kind| !named.contains(*kind));
        match left_out {
            Some(kind) if !named.is_empty() => Err(DecompositionError::CareLeftOut(*kind)),
            Some(_) | None => Ok(()),
        }
    }

    fn no_quota_of(&self, key: &BudgetKey, kind: KindOfCare) -> DecompositionError {
        let rules = self.rules(key);
        let care = rules.care(kind);
        let regime = care.map_or(Regime::Outside, |care| care.regime.get());
        let clause = match (care, &rules.pool) {
            (Some(_), Some(pool)) if regime == Regime::Pool => pool.split_to_institutions.cite(),
            (Some(care), _) => care.regime.cite(),
            (None, _) => String::new(),
        };
        DecompositionError::NoQuotaOf { care: kind, regime, clause }
    }

    /// Puts the year's pack above a tree.
    pub(super) fn derivation(&self, root: Node, calculator: &str) -> Derivation {
        root.under(&self.opening.pack_id, self.opening.pack_hash.as_str(), calculator)
    }

    /// The year's first day and its last.
    pub(super) fn days(&self) -> (NaiveDate, NaiveDate) {
        let start = self.pack.period().fund_year_start.get();
        let year = self.opening.fund_year.get();
        let next = start.in_year(year + 1);
        (start.in_year(year), next.pred_opt().expect("a year of this century has a day before"))
    }

    /// The year's first month.
    pub(super) fn first_month(&self) -> SettlementMonth {
        SettlementMonth::of(self.days().0)
    }
}

/// The area's business date.
pub(super) async fn business_date(conn: &mut AsyncPgConnection, area: &Area) -> Result<NaiveDate, Error> {
    let calendar = store::calendars::find(conn, area).await?;
    Ok(calendar.ok_or(CalendarError::NotFound)?.business_date)
}

/// Makes sure that a decision allows `matter` for `key`.
pub(super) async fn require_decision(
    conn: &mut AsyncPgConnection,
    decision: Uuid,
    matter: Matter,
    key: &BudgetKey,
    subject: &str,
) -> Result<(), Error> {
    let found = store::decisions::find(conn, &key.area, decision).await?;
    let found = found.ok_or(DecisionError::Unknown(decision))?;
    Ok(found.allows(matter.as_str(), key, subject)?)
}

/// The decided target of a key, locked.
pub(super) async fn decided_target(
    conn: &mut AsyncPgConnection,
    key: &BudgetKey,
) -> Result<Option<Target>, Error> {
    let target = store::targets::lock(conn, key).await?;
    Ok(target.filter(|target| target.decision.is_some()))
}

/// The decided structure of a key, locked.
pub(super) async fn decided_structure(
    conn: &mut AsyncPgConnection,
    key: &BudgetKey,
) -> Result<Structure, Error> {
    let structure = store::structures::lock(conn, key).await?;
    let structure = structure.filter(|structure| structure.state == StructureState::Decided);
    Ok(structure.ok_or_else(|| StructureError::NotDecided(key.clone()))?)
}

/// Makes way for a change of what the quotas of a key are made from: what was proposed must be proposed again.
///
/// # Errors
///
/// [`QuotaError::Decided`] if they are decided.
pub(super) async fn outdate_quotas(tx: &mut Tx<'_>, key: &BudgetKey) -> Result<(), Error> {
    match store::decompositions::lock(tx.conn(), key).await? {
        None => Ok(()),
        Some(one) if one.state == DecompositionState::Decided => Err(QuotaError::Decided(key.clone()).into()),
        Some(one) => {
            let instant = tx.instant();
            Ok(store::decompositions::put(tx.conn(), &one.outdate(), instant).await?)
        }
    }
}

/// Whether the quotas of a key are decided.
pub(super) async fn quotas_decided(conn: &mut AsyncPgConnection, key: &BudgetKey) -> Result<bool, Error> {
    let decomposition = store::decompositions::lock(conn, key).await?;
    Ok(decomposition.is_some_and(|one| one.decision.is_some()))
}

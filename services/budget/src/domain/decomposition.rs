mod weights;

use std::collections::{BTreeMap, BTreeSet};

use medfund_money::{Exact, Fen, Node};
use medfund_policy::{KindOfCare, Regime};
use medfund_types::{District, InstitutionCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::coefficient::CoefficientRules;
use super::key::BudgetKey;
use super::parameter::Parameter;
use super::quota::{History, Institution, Quota};
use weights::{Weighed, floor_tree, quota_trees, share};

/// Where a decomposition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DecompositionState {
    /// Proposed by the agency.
    Proposed,
    /// What it was made from has changed since: it must be proposed again.
    Outdated,
    /// Balanced by the city agency.
    Balanced,
    /// Decided by the body that the pack names.
    Decided,
}

/// The decomposition (分解) of a target into quotas, or of what pools leave of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decomposition {
    /// The fund year, fund line and district.
    pub key: BudgetKey,
    /// What is decomposed; the quotas add up to it.
    pub target: Fen,
    /// The least total of the primary group (基层合理比重).
    pub primary_floor: Fen,
    /// Whether the floor raised the primary group's quotas.
    pub floor_applied: bool,
    /// The forecast factor of the whole.
    pub forecast_factor: Exact,
    /// The quotas, by institution code.
    pub quotas: Vec<Quota>,
    /// Where it stands.
    pub state: DecompositionState,
    /// What the city agency noted.
    pub balance_note: String,
    /// The decision that fixed it.
    pub decision: Option<Uuid>,
    /// Who proposed it.
    pub maker: String,
    /// Counts its changes.
    pub version: i64,
}

/// What the pack says of the decomposition.
#[derive(Clone, Debug)]
pub struct DecompositionRules {
    /// The weights of the years before, far to near, each with its clause.
    pub year_weights: Vec<Parameter>,
    /// The forecast factor when none is decided.
    pub forecast_undecided: Exact,
    /// The least decided forecast factor.
    pub forecast_least: Exact,
    /// The largest decided forecast factor.
    pub forecast_most: Exact,
    /// The coefficient's factors.
    pub coefficient: CoefficientRules,
    /// The least share of the target that primary institutions get together.
    pub primary_floor: Parameter,
}

/// One institution's part in a decomposition.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The institution.
    pub institution: Institution,
    /// Its last years.
    pub history: Option<History>,
    /// The factors an officer set.
    pub officer_factors: BTreeMap<String, Exact>,
    /// What it applied for.
    pub applied: Option<Fen>,
}

/// Why a decomposition is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DecompositionError {
    /// There is none.
    #[error("there is no decomposition {0}")]
    NotFound(BudgetKey),
    /// The target is not decided.
    #[error("the target {0} is not decided")]
    TargetNotDecided(BudgetKey),
    /// A kind of care is not decomposed into quotas.
    #[error("the institutions have no quotas of `{care}`: it is {regime} ({clause})")]
    NoQuotaOf {
        /// The kind of care.
        care: KindOfCare,
        /// What limits it.
        regime: Regime,
        /// The clause that says so.
        clause: String,
    },
    /// A kind of care that the quotas are for was not named.
    #[error("the quotas are for `{0}` too")]
    CareLeftOut(KindOfCare),
    /// The pools leave nothing.
    #[error("the structure of {0} leaves nothing but pools")]
    NothingToDecompose(BudgetKey),
    /// The forecast factor lies outside the pack's range.
    #[error("the forecast factor is {value}, the pack allows {least} to {most}")]
    ForecastOutOfRange {
        /// The least factor.
        least: Exact,
        /// The largest factor.
        most: Exact,
        /// The factor given.
        value: Exact,
    },
    /// An institution filed an application but has no history.
    #[error("{0} filed an application, but has no history")]
    HistoryMissing(InstitutionCode),
    /// An institution has a quota in another district.
    #[error("{institution} has a quota in the district {district}")]
    QuotaElsewhere {
        /// The institution.
        institution: InstitutionCode,
        /// The district its quota is in.
        district: District,
    },
    /// No institution has a history with any cost.
    #[error("no institution has a history with any cost")]
    NothingToWeigh,
    /// Its state forbids it.
    #[error("the decomposition is {0:?}")]
    WrongState(DecompositionState),
    /// The caller proposed it.
    #[error("who proposed the decomposition cannot approve it")]
    SamePerson,
    /// It changed since it was read.
    #[error("the decomposition is at version {current}, the caller read {expected}")]
    EtagMismatch {
        /// Its version.
        current: i64,
        /// The version the caller read.
        expected: i64,
    },
}

/// A decomposition with the trees of its amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decomposed {
    /// The decomposition.
    pub decomposition: Decomposition,
    /// The tree of the primary group's floor.
    pub floor_tree: Node,
    /// The tree of each quota, in their order.
    pub quota_trees: Vec<Node>,
}

impl Decomposition {
    /// Decomposes a target into the quotas of `candidates`.
    ///
    /// Each institution's weight is its base times its coefficient, exact. The
    /// base is its weighted history times the forecast factor; an institution
    /// with fewer years has its weights renormalised, which is done without a
    /// quotient by bringing all weights to one denominator. Quotas are shares
    /// by largest remainder in the order of codes; if the primary group would
    /// get less than its floor, it shares exactly the floor and the others the
    /// rest. Their sum is the target.
    ///
    /// - `candidates`: the district's active institutions, by code.
    /// - `forecast`: the forecast factor of the whole; `None`: the pack's.
    ///
    /// # Errors
    ///
    /// [`DecompositionError::WrongState`] if the one before is decided, then
    /// [`DecompositionError::ForecastOutOfRange`],
    /// [`DecompositionError::HistoryMissing`], [`DecompositionError::NothingToWeigh`].
    ///
    /// Source: JM 四(二)2.
    pub fn propose(
        key: &BudgetKey,
        before: Option<&Self>,
        target: Fen,
        candidates: &[Candidate],
        forecast: Option<Exact>,
        rules: &DecompositionRules,
        maker: &str,
    ) -> Result<Decomposed, DecompositionError> {
        if let Some(Self { state: state @ DecompositionState::Decided, .. }) = before {
            return Err(DecompositionError::WrongState(*state));
        }
        let forecast = checked_forecast(forecast, rules)?;
        let mut weighed = Vec::new();
        for candidate in candidates {
            match &candidate.history {
                Some(history) => weighed.push(Weighed::new(candidate, history, &forecast, rules)),
                None if candidate.applied.is_some() => {
                    return Err(DecompositionError::HistoryMissing(candidate.institution.code.clone()));
                }
                None => {}
            }
        }
        let denominators: BTreeSet<Exact> = weighed.iter().map(|one| one.denominator.clone()).collect();
        let trees: Vec<Node> = weighed.iter().map(|one| one.tree(&denominators)).collect();
        if trees.iter().all(|tree| tree.value.is_zero()) {
            return Err(DecompositionError::NothingToWeigh);
        }

        let floor_tree = floor_tree(target, rules);
        let shares = share(target, floor_tree.amount(), &weighed, &trees);
        let quota_trees = quota_trees(target, &floor_tree, &weighed, &trees, &shares);
        let quotas: Vec<Quota> =
            weighed.into_iter().zip(&shares.fen).map(|(one, &fen)| one.into_quota(key, fen)).collect();
        assert_eq!(
            quotas.iter().map(|quota| quota.quota).sum::<Fen>(),
            target,
            "quotas add up to the target"
        );
        let decomposition = Self {
            key: key.clone(),
            target,
            primary_floor: floor_tree.amount(),
            floor_applied: shares.floor_applied,
            forecast_factor: forecast,
            quotas,
            state: DecompositionState::Proposed,
            balance_note: String::new(),
            decision: None,
            maker: maker.to_owned(),
            version: before.map_or(1, |before| before.version + 1),
        };
        Ok(Decomposed { decomposition, floor_tree, quota_trees })
    }

    /// Notes that what an undecided decomposition was made from has changed: it must be proposed again.
    #[must_use]
    pub fn outdate(self) -> Self {
        assert!(self.state != DecompositionState::Decided, "decided quotas stay");
        Self { state: DecompositionState::Outdated, version: self.version + 1, ..self }
    }

    /// Balances the proposed decomposition for the whole area.
    ///
    /// # Errors
    ///
    /// [`DecompositionError::EtagMismatch`], [`DecompositionError::WrongState`],
    /// [`DecompositionError::SamePerson`].
    pub fn balance(self, note: String, checker: &str, expected: i64) -> Result<Self, DecompositionError> {
        self.expect(DecompositionState::Proposed, checker, expected)?;
        let state = DecompositionState::Balanced;
        Ok(Self { state, balance_note: note, version: self.version + 1, ..self })
    }

    /// Puts a decision on the balanced decomposition into force.
    ///
    /// # Errors
    ///
    /// As [`Decomposition::balance`].
    pub fn decide(self, decision: Uuid, checker: &str, expected: i64) -> Result<Self, DecompositionError> {
        self.expect(DecompositionState::Balanced, checker, expected)?;
        let state = DecompositionState::Decided;
        Ok(Self { state, decision: Some(decision), version: self.version + 1, ..self })
    }

    fn expect(
        &self,
        state: DecompositionState,
        checker: &str,
        expected: i64,
    ) -> Result<(), DecompositionError> {
        if self.version != expected {
            return Err(DecompositionError::EtagMismatch { current: self.version, expected });
        }
        if self.state != state {
            return Err(DecompositionError::WrongState(self.state));
        }
        if self.maker == checker {
            return Err(DecompositionError::SamePerson);
        }
        Ok(())
    }
}

fn checked_forecast(
    forecast: Option<Exact>,
    rules: &DecompositionRules,
) -> Result<Exact, DecompositionError> {
    let Some(value) = forecast else { return Ok(rules.forecast_undecided.clone()) };
    if value < rules.forecast_least || value > rules.forecast_most {
        let (least, most) = (rules.forecast_least.clone(), rules.forecast_most.clone());
        return Err(DecompositionError::ForecastOutOfRange { least, most, value });
    }
    Ok(value)
}

#[cfg(test)]
mod tests;

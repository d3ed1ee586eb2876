use std::collections::{BTreeMap, BTreeSet};

use medfund_money::{Exact, Fen, Floor, Node, Part, allocate, allocate_within};
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::coefficient::{CoefficientRules, coefficient};
use super::key::BudgetKey;
use super::parameter::Parameter;
use super::quota::{History, Institution, Quota};

/// Where a decomposition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DecompositionState {
    /// Proposed by the agency.
    Proposed,
    /// Balanced by the city agency.
    Balanced,
    /// Decided by the body that the pack names.
    Decided,
}

/// The decomposition (分解) of a target into quotas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decomposition {
    /// The fund year, fund line and district.
    pub key: BudgetKey,
    /// The target; the quotas add up to it.
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
    /// The fund line has no quotas for institutions.
    #[error("the pack gives the institutions of {0} no quotas of their own")]
    WrongRegime(BudgetKey),
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

const PRIMARY: usize = 0;
const OTHERS: usize = 1;

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

/// An institution with what its weight is made from.
struct Weighed<'c> {
    candidate: &'c Candidate,
    history: &'c History,
    /// Its weighted history times the forecast factor and the coefficient, before renormalising.
    numerator: Node,
    base: Exact,
    /// The sum of the weights of its recorded years.
    denominator: Exact,
    coefficient: super::coefficient::Coefficient,
}

impl<'c> Weighed<'c> {
    fn new(
        candidate: &'c Candidate,
        history: &'c History,
        forecast: &Exact,
        rules: &DecompositionRules,
    ) -> Self {
        let (weighted, denominator) = weighted_history(history, rules);
        let institution = &candidate.institution;
        let coefficient = coefficient(
            &rules.coefficient,
            institution.level,
            &institution.class,
            &candidate.officer_factors,
        );
        let base = &weighted.value * forecast;
        let base = if denominator == Exact::from(1) { base } else { base.div_half_up(&denominator, 0) };
        let numerator = Node::product(
            "weight",
            "分配权重",
            "",
            vec![
                weighted,
                Node::given("forecast_factor", "测算系数", "", forecast.clone()),
                Node::given("coefficient", "调整系数", "", coefficient.value.clone()),
            ],
        );
        Self { candidate, history, numerator, base, denominator, coefficient }
    }

    /// The weight as it enters the allocation: over one denominator for all.
    fn tree(&self, denominators: &BTreeSet<Exact>) -> Node {
        let one = Exact::from(1);
        let mut tree = self.numerator.clone();
        for other in denominators.iter().filter(|other| **other != self.denominator && **other != one) {
            tree.inputs.push(Node::given(
                "year_weights_of_others",
                "他院年份权重之和",
                "rate",
                other.clone(),
            ));
        }
        Node::product("weight", "分配权重", "", tree.inputs)
    }

    fn group(&self) -> usize {
        if self.candidate.institution.primary { PRIMARY } else { OTHERS }
    }

    fn into_quota(self, key: &BudgetKey, quota: Fen) -> Quota {
        let institution = &self.candidate.institution;
        Quota {
            key: key.institution(&institution.code),
            district: key.district.clone(),
            primary: institution.primary,
            history: self.history.history.clone(),
            base: self.base,
            coefficient: self.coefficient.value,
            factors: self.coefficient.factors,
            applied: self.candidate.applied.unwrap_or(Fen::ZERO),
            quota,
            adjusted: quota,
        }
    }
}

/// The history weighted by the years' weights, and the sum of the weights used.
fn weighted_history(history: &History, rules: &DecompositionRules) -> (Node, Exact) {
    if let Some(base) = history.recorded_base {
        let node = Node::fen("recorded_base_fen", "核定基数", base).clause(&history.recorded_base_reason);
        return (node, Exact::from(1));
    }
    // The nearest years are recorded, so the nearest weights are used.
    let n_missing = rules.year_weights.len().saturating_sub(history.history.len());
    let weights = &rules.year_weights[n_missing..];
    let years = history.history.iter().zip(weights).map(|(&cost, weight)| {
        Node::product(
            "weighted_year",
            "年度加权费用",
            "fen",
            vec![
                Node::fen("history_fen", "年度住院费用", cost),
                Node::given(&weight.name, &weight.term, "rate", weight.value.clone()).clause(&weight.clause),
            ],
        )
    });
    let weighted = Node::sum("weighted_history", "加权基数", "fen", years.collect());
    let used: Exact = weights.iter().map(|weight| &weight.value).sum();
    // No year recorded: the history weighs nothing, over any denominator.
    (weighted, if used.is_zero() { Exact::from(1) } else { used })
}

fn floor_tree(target: Fen, rules: &DecompositionRules) -> Node {
    let rate = &rules.primary_floor;
    Node::product(
        "primary_floor_fen",
        "基层最低额度",
        "fen",
        vec![
            Node::fen("target_fen", "年度总额控制目标", target),
            Node::given(&rate.name, &rate.term, "rate", rate.value.clone()).clause(&rate.clause),
        ],
    )
    .rounded_to_fen()
}

struct Shares {
    fen: Vec<Fen>,
    floor_applied: bool,
}

fn share(target: Fen, floor: Fen, weighed: &[Weighed<'_>], trees: &[Node]) -> Shares {
    let weights: Vec<Exact> = trees.iter().map(|tree| tree.value.clone()).collect();
    let natural = allocate(target, &weights).expect("some weight is more than zero and none is less");
    let primary: Fen =
        natural.iter().zip(weighed).filter(|(_, one)| one.group() == PRIMARY).map(|(fen, _)| fen).sum();
    let weighs =
        |group| weighed.iter().zip(&weights).any(|(one, weight)| one.group() == group && !weight.is_zero());
    // Without a primary institution that weighs anything there is nobody to hold the floor for.
    if primary >= floor || !weighs(PRIMARY) || !weighs(OTHERS) {
        return Shares { fen: natural, floor_applied: false };
    }
    let parts: Vec<Part> = weighed
        .iter()
        .zip(weights)
        .map(|(one, weight)| Part { weight, group: one.group(), cap: None })
        .collect();
    let floors = [Floor { group: PRIMARY, least: floor }];
    let within = allocate_within(target, &parts, &floors).expect("both groups weigh something");
    Shares { fen: within.shares, floor_applied: true }
}

fn quota_trees(
    target: Fen,
    floor: &Node,
    weighed: &[Weighed<'_>],
    trees: &[Node],
    shares: &Shares,
) -> Vec<Node> {
    let total_target = Node::fen("target_fen", "年度总额控制目标", target);
    let sum_of = |takes: &dyn Fn(usize) -> bool| -> Exact {
        trees.iter().zip(weighed).filter(|(_, one)| takes(one.group())).map(|(tree, _)| &tree.value).sum()
    };
    let rows = weighed.iter().zip(trees).zip(&shares.fen);
    rows.map(|((one, tree), &fen)| {
        let (total, weights) = if !shares.floor_applied {
            (total_target.clone(), sum_of(&|_| true))
        } else if one.group() == PRIMARY {
            (floor.clone(), sum_of(&|group| group == PRIMARY))
        } else {
            let rest = vec![total_target.clone(), floor.clone()];
            let rest = Node::difference("others_fen", "非基层机构额度", "fen", rest);
            (rest, sum_of(&|group| group == OTHERS))
        };
        let weights = Node::given("weights", "权重之和", "", weights);
        Node::share("quota_fen", "年度总额控制指标", total, tree.clone(), weights, fen)
    })
    .collect()
}

#[cfg(test)]
#[path = "decomposition_tests.rs"]
mod tests;

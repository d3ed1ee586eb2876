//! What each institution weighs, and what it gets for it.

use std::collections::BTreeSet;

use medfund_money::{Exact, Fen, Floor, Node, Part, allocate, allocate_within};

use super::{Candidate, DecompositionRules};
use crate::domain::coefficient::{Coefficient, coefficient};
use crate::domain::key::BudgetKey;
use crate::domain::quota::{History, Quota};

const PRIMARY: usize = 0;
const OTHERS: usize = 1;

/// An institution with what its weight is made from.
pub(super) struct Weighed<'c> {
    candidate: &'c Candidate,
    history: &'c History,
    /// Its weighted history times the forecast factor and the coefficient, before renormalising.
    numerator: Node,
    base: Exact,
    /// The sum of the weights of its recorded years.
    pub(super) denominator: Exact,
    coefficient: Coefficient,
}

impl<'c> Weighed<'c> {
    pub(super) fn new(
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
    pub(super) fn tree(&self, denominators: &BTreeSet<Exact>) -> Node {
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

    pub(super) fn into_quota(self, key: &BudgetKey, quota: Fen) -> Quota {
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

/// The tree of the primary group's least total.
pub(super) fn floor_tree(target: Fen, rules: &DecompositionRules) -> Node {
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

/// What everybody gets.
pub(super) struct Shares {
    pub(super) fen: Vec<Fen>,
    pub(super) floor_applied: bool,
}

/// Shares the target by weights; the primary group gets its floor if that is more.
pub(super) fn share(target: Fen, floor: Fen, weighed: &[Weighed<'_>], trees: &[Node]) -> Shares {
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

/// The tree of each quota.
pub(super) fn quota_trees(
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

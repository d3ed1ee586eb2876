use std::collections::BTreeMap;

use medfund_money::{Fen, Node, PositiveFen};

use super::fallback::Region;
use super::{Bounds, How, MAX_DECIMALS, Made, MadeWeight, MakeError, Parameters};
use crate::history::{Costs, count};
use crate::{GroupCode, Weight};

/// How many cases and what they cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sample {
    pub(super) n_cases: u64,
    pub(super) cost: Fen,
}

impl Sample {
    fn of(costs: &[PositiveFen]) -> Self {
        let n_cases = u64::try_from(costs.len()).expect("a length fits 64 bits");
        Self { n_cases, cost: costs.iter().map(|cost| cost.get()).sum() }
    }
}

impl std::iter::Sum for Sample {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |sum, part| Self {
            n_cases: sum.n_cases + part.n_cases,
            cost: sum.cost + part.cost,
        })
    }
}

/// Makes a weight for each group that `costs` names.
///
/// A group with at least `minimum_cases` kept cases weighs its mean cost in relation to the mean of all kept cases,
/// small groups' among them; the others take the first fallback that applies. A weight that rounds to zero is none.
///
/// # Errors
///
/// [`MakeError`]s of all parameters at once; then [`MakeError::NoCases`].
///
/// Source: PZH 四(二)1 (结合实际确定和调整完善各组之间的相对比价关系); the formula and its defaults are national practice.
pub fn make(costs: Costs, parameters: &Parameters) -> Result<Made, Vec<MakeError>> {
    check(parameters)?;
    let sorted = costs.sorted();
    let kept: BTreeMap<GroupCode, &[PositiveFen]> = sorted
        .iter()
        .map(|(group, costs)| (group.clone(), &costs[parameters.trimming.kept(costs)]))
        .collect();
    let samples: BTreeMap<GroupCode, Sample> =
        kept.iter().map(|(group, costs)| (group.clone(), Sample::of(costs))).collect();
    let all: Sample = samples.values().copied().sum();
    if all.n_cases == 0 {
        return Err(vec![MakeError::NoCases]);
    }
    let region = Region::new(&samples, all, parameters);
    let made = sorted.iter().map(|(group, costs)| {
        let sample = samples[group];
        let own = (sample.n_cases >= parameters.minimum_cases)
            .then(|| (How::OwnCases, weight_of(sample, all, parameters.decimals)));
        let found = own.or_else(|| region.fall_back(group));
        let weighed = found.and_then(|(how, node)| Some((how, Weight::try_from(&node.value).ok()?, node)));
        let (how, weight, derivation) = match weighed {
            Some((how, weight, node)) => (how, Some(weight), Some(node)),
            None => (How::Review, None, None),
        };
        let n_cases = u64::try_from(costs.len()).expect("a length fits 64 bits");
        let made = MadeWeight {
            weight,
            how,
            n_cases,
            n_trimmed: n_cases - sample.n_cases,
            cost: sample.cost,
            bounds: Bounds::of(kept[group]),
            derivation,
        };
        (group.clone(), made)
    });
    Ok(Made { groups: made.collect(), n_cases: all.n_cases, cost: all.cost })
}

/// A sample's mean cost in relation to that of all, rounded once.
///
/// (cost / cases) ÷ (all cost / all cases), as one quotient of products, so that no mean is rounded on the way.
pub(super) fn weight_of(sample: Sample, all: Sample, decimals: u32) -> Node {
    let cases =
        |name: &str, term: &str, sample: Sample| Node::given(name, term, "cases", count(sample.n_cases));
    let dividend = Node::product(
        "cost_times_all_cases",
        "病组费用与全部病例数之积",
        "",
        vec![Node::fen("group_cost_fen", "病组总费用", sample.cost), cases("all_cases", "全部病例数", all)],
    );
    let divisor = Node::product(
        "cases_times_all_cost",
        "病组病例数与全部费用之积",
        "",
        vec![
            cases("group_cases", "病组病例数", sample),
            Node::fen("all_cost_fen", "全部病例总费用", all.cost),
        ],
    );
    Node::quotient("weight", "权重", "", dividend, divisor, decimals)
}

fn check(parameters: &Parameters) -> Result<(), Vec<MakeError>> {
    let mut errors: Vec<MakeError> = parameters.trimming.check().err().into_iter().collect();
    if parameters.minimum_cases == 0 {
        errors.push(MakeError::NoMinimum);
    }
    if parameters.decimals > MAX_DECIMALS {
        errors.push(MakeError::TooManyDecimals(parameters.decimals));
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

#[cfg(test)]
#[path = "make_tests.rs"]
mod tests;

use std::collections::BTreeMap;

use medfund_money::{Exact, Node};
use serde::{Deserialize, Serialize};

use super::Parameters;
use super::made::How;
use super::make::{Sample, weight_of};
use crate::history::count;
use crate::{GroupCode, Weight};

/// Where a group with too few cases takes its weight from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fallback {
    /// The weight that an officer has set for it.
    Fixed,
    /// The kept cases of the other severities of its ADRG, if they are as many as a group needs.
    OtherSeverities,
    /// Its weight in the earlier tariff, times what the groups with enough cases weigh by their own cases in
    /// relation to that tariff, each group counting as often as it has cases.
    Earlier,
}

/// What fallbacks look at.
pub(super) struct Region<'a> {
    pub(super) samples: &'a BTreeMap<GroupCode, Sample>,
    pub(super) all: Sample,
    pub(super) parameters: &'a Parameters,
    /// Cost of the groups that have enough cases and an earlier weight, and their cases times that weight.
    earlier: Option<(Exact, Exact)>,
}

impl<'a> Region<'a> {
    pub(super) fn new(
        samples: &'a BTreeMap<GroupCode, Sample>,
        all: Sample,
        parameters: &'a Parameters,
    ) -> Self {
        let (mut cost, mut weighted_cases) = (Exact::zero(), Exact::zero());
        for (group, sample) in samples {
            if let Some(weight) = parameters.earlier.get(group)
                && sample.n_cases >= parameters.minimum_cases
            {
                cost = cost + Exact::from(sample.cost);
                weighted_cases = weighted_cases + count(sample.n_cases) * Exact::from(*weight);
            }
        }
        let earlier = (!cost.is_zero()).then_some((cost, weighted_cases));
        Self { samples, all, parameters, earlier }
    }

    /// The first fallback that gives `group` a weight.
    pub(super) fn fall_back(&self, group: &GroupCode) -> Option<(How, Node)> {
        self.parameters.fallbacks.iter().find_map(|fallback| match fallback {
            Fallback::Fixed => {
                let weight = *self.parameters.fixed.get(group)?;
                Some((How::Fixed, Node::coefficient("fixed_weight", "核定权重", weight.get())))
            }
            Fallback::OtherSeverities => self.by_other_severities(group),
            Fallback::Earlier => self.by_earlier(*self.parameters.earlier.get(group)?),
        })
    }

    fn by_other_severities(&self, group: &GroupCode) -> Option<(How, Node)> {
        let adrg = group.adrg()?;
        let others = self.samples.iter().filter(|(other, _)| *other != group && other.adrg() == Some(adrg));
        let sample: Sample = others.map(|(_, sample)| *sample).sum();
        let enough = sample.n_cases >= self.parameters.minimum_cases;
        let how = How::OtherSeverities { adrg: adrg.to_owned(), n_cases: sample.n_cases };
        enough.then(|| (how, weight_of(sample, self.all, self.parameters.decimals)))
    }

    fn by_earlier(&self, weight: Weight) -> Option<(How, Node)> {
        let (cost, weighted_cases) = self.earlier.clone()?;
        let given = |name: &str, term: &str, unit: &str, value: Exact| Node::given(name, term, unit, value);
        let dividend = Node::product(
            "earlier_weight_of_cost",
            "既往权重与费用之积",
            "",
            vec![
                Node::coefficient("earlier_weight", "既往权重", weight.get()),
                given("common_cost_fen", "共有病组总费用", "fen", cost),
                given("all_cases", "全部病例数", "cases", count(self.all.n_cases)),
            ],
        );
        let divisor = Node::product(
            "earlier_weights_of_all",
            "既往总权重与全部费用之积",
            "",
            vec![
                given("common_earlier_weight", "共有病组既往总权重", "", weighted_cases),
                Node::fen("all_cost_fen", "全部病例总费用", self.all.cost),
            ],
        );
        let decimals = self.parameters.decimals;
        Some((How::Earlier { weight }, Node::quotient("weight", "权重", "", dividend, divisor, decimals)))
    }
}

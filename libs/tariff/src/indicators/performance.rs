use std::collections::BTreeMap;

use medfund_money::Exact;
use serde::{Deserialize, Serialize};

use super::{Risk, RiskBounds, ratio};
use crate::history::{Sum, Totals, count};
use crate::{GroupCode, Tariff};

/// Digits that the terms of an index are taken to before they are added up.
const TERM_DECIMALS: u32 = 12;

/// What the cases of an institution, or of a region, tell of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Performance {
    /// Its cases.
    pub n_cases: u64,
    /// Those in a group.
    pub n_grouped: u64,
    /// Share of its cases in a group (入组率).
    pub entry_rate: Option<Exact>,
    /// How many groups it has cases of (DRG组数), a measure of breadth.
    pub n_groups: u64,
    /// Mean weight of its grouped cases whose group has one (CMI, 病例组合指数).
    pub cmi: Option<Exact>,
    /// Its grouped cases' mean of hospital mean stay ÷ region mean stay (时间消耗指数).
    pub time_index: Option<Exact>,
    /// Its grouped cases' mean of hospital mean cost ÷ region mean cost (费用消耗指数).
    pub cost_index: Option<Exact>,
    /// Its cases in groups of low risk ([`Risk::Low`]); groups without a death in the region are apart ([`Risk::None`]).
    pub n_low_risk: u64,
    /// Share of them that died (低风险组死亡率).
    pub low_risk_mortality: Option<Exact>,
}

/// What `own` cases, by group, tell beside the region's.
///
/// Each index is the sum over groups of `n · own mean / region mean`, each term to 12 decimals, divided by the cases;
/// everything is rounded to [`super::DECIMALS`]. Cases in no group count for the entry rate alone.
#[must_use]
pub fn performance(
    own: &BTreeMap<GroupCode, Sum>,
    region: &Totals,
    tariff: &Tariff,
    bounds: &RiskBounds,
) -> Performance {
    let n_cases = own.values().map(|sum| sum.n_cases).sum();
    let grouped: Vec<(&GroupCode, Sum)> = own
        .iter()
        .filter(|(group, sum)| group.is_grouped() && sum.n_cases > 0)
        .map(|(group, sum)| (group, *sum))
        .collect();
    let n_grouped: u64 = grouped.iter().map(|(_, sum)| sum.n_cases).sum();
    let low_risk =
        grouped.iter().filter(|(group, _)| bounds.class(region.of_group(group)) == Some(Risk::Low));
    let low_risk: Sum = low_risk.map(|(_, sum)| *sum).sum();
    Performance {
        n_cases,
        n_grouped,
        entry_rate: ratio(&count(n_grouped), &count(n_cases)),
        n_groups: u64::try_from(grouped.len()).expect("a length fits 64 bits"),
        cmi: cmi(&grouped, tariff),
        time_index: index(&grouped, region, |sum| count(sum.n_days)),
        cost_index: index(&grouped, region, |sum| Exact::from(sum.cost)),
        n_low_risk: low_risk.n_cases,
        low_risk_mortality: ratio(&count(low_risk.n_died), &count(low_risk.n_cases)),
    }
}

fn cmi(grouped: &[(&GroupCode, Sum)], tariff: &Tariff) -> Option<Exact> {
    let (mut weights, mut n_cases) = (Exact::zero(), 0);
    for (group, sum) in grouped {
        if let Some(weight) = tariff.weight(group) {
            weights = weights + count(sum.n_cases) * Exact::from(weight);
            n_cases += sum.n_cases;
        }
    }
    ratio(&weights, &count(n_cases))
}

/// Σ n · (own / n) / (region's / its cases) is Σ own × the region's cases / the region's.
fn index(grouped: &[(&GroupCode, Sum)], region: &Totals, of: impl Fn(Sum) -> Exact) -> Option<Exact> {
    let (mut terms, mut n_cases) = (Exact::zero(), 0);
    for (group, sum) in grouped {
        let whole = region.of_group(group);
        let measure = of(whole);
        if !measure.is_zero() {
            terms = terms + (of(*sum) * count(whole.n_cases)).div_half_up(&measure, TERM_DECIMALS);
            n_cases += sum.n_cases;
        }
    }
    ratio(&terms, &count(n_cases))
}

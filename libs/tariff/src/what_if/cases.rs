use medfund_money::{Exact, Node, Points, PositiveFen};

use super::setting::{Basis, Setting};
use crate::GroupCode;
use crate::case_points::{self, Bands, Kind, PayStandard, Standard, case_pay, derived_points, kind_by_cost};
use crate::history::{CaseCosts, Totals, Whose, count};

/// The cases that are to be paid: each taken as a normal one, or by its cost.
#[derive(Clone, Copy, Debug)]
pub struct Cases<'a> {
    pub(super) totals: &'a Totals,
    by_cost: Option<(&'a CaseCosts, &'a Bands)>,
}

impl<'a> Cases<'a> {
    /// Cases whose cost decides within these bands whether they are normal, high or low ones; a group's mean is that of
    /// all its cases in the region.
    #[must_use]
    pub fn by_cost(totals: &'a Totals, costs: &'a CaseCosts, bands: &'a Bands) -> Self {
        Self { totals, by_cost: Some((costs, bands)) }
    }

    /// What an institution's cases of a fund line in a group count; `None` where the setting does not price them.
    ///
    /// - `n_cases`: how many there are.
    pub(super) fn counted(
        &self,
        setting: &Setting<'_>,
        whose: Whose<'_>,
        group: &GroupCode,
        n_cases: u64,
    ) -> Option<Counted> {
        let basis = setting.basis(whose, group)?;
        let (high, low) = Default::default();
        let mut counted = Counted { n_normal: n_cases, normal: basis.normal(), high, low };
        let mean = self.totals.of_group(group).mean_cost().and_then(|mean| PositiveFen::try_from(mean).ok());
        let (Some((costs, bands)), Some(mean)) = (self.by_cost, mean) else { return Some(counted) };
        for &cost in costs.of(whose, group) {
            let outliers = match kind_by_cost(cost, mean, basis.weight, bands) {
                Kind::High => &mut counted.high,
                Kind::Low => &mut counted.low,
                Kind::Normal | Kind::Incomplete | Kind::Reviewed | Kind::Ungrouped => continue,
            };
            outliers.n_cases += 1;
            outliers.counts = &outliers.counts + &one(&basis, cost, mean, bands);
            counted.n_normal -= 1;
        }
        Some(counted)
    }
}

impl<'a> From<&'a Totals> for Cases<'a> {
    fn from(totals: &'a Totals) -> Self {
        Self { totals, by_cost: None }
    }
}

/// What cases count: whole units of 0.0001 point, or fen, however many.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    pub(super) n_normal: u64,
    /// What one normal case counts.
    pub(super) normal: Exact,
    pub(super) high: Outliers,
    pub(super) low: Outliers,
}

/// Cases far from the mean, and what they count together.
#[derive(Clone, Debug)]
pub(super) struct Outliers {
    pub(super) n_cases: u64,
    pub(super) counts: Exact,
}

impl Default for Outliers {
    fn default() -> Self {
        Self { n_cases: 0, counts: Exact::zero() }
    }
}

impl Counted {
    pub(super) fn all(&self) -> Exact {
        count(self.n_normal) * self.normal.clone() + self.high.counts.clone() + self.low.counts.clone()
    }
}

/// What one case counts by its cost.
fn one(basis: &Basis, cost: PositiveFen, mean: PositiveFen, bands: &Bands) -> Exact {
    let case = case_points::Case { cost, coefficient: basis.coefficient, is_incomplete: false, kept: None };
    let (_, counted) = match (basis.in_points, basis.weight) {
        (true, Some(weight)) => {
            let standard = Standard { points: Points::round_half_up(basis.whole.clone()), weight, mean };
            derived_points(&standard, &case, bands)
        }
        (_, weight) => {
            let whole = Node::given("group_pay_fen", "病组支付标准", "fen", basis.whole.clone());
            case_pay(&PayStandard { whole, weight, mean }, &case, bands)
        }
    };
    basis.in_units(counted.value)
}

//! What the cases of a pool add up to, without a tree for each.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use medfund_money::{Fen, Points, PositiveFen};
use medfund_tariff::PublishedTariff;
use medfund_tariff::case_points::{Kind, Standard, kind_by_cost};
use medfund_tariff::share::Member;
use medfund_types::{FundLine, InstitutionCode};

use super::cases::{CountedCase, DrgCase, NoTariff, cut, points_of_one};
use super::rules::PoolRules;
use crate::domain::in_force::InForce;

/// What an institution's cases of a pool add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pointed {
    /// Its points, and what its patients paid.
    pub member: Member,
    /// Its cases by kind.
    pub n_by_kind: BTreeMap<Kind, i64>,
    /// The fund's share charged.
    pub fund: Fen,
}

impl Pointed {
    /// All of its cases.
    #[must_use]
    pub fn n_cases(&self) -> i64 {
        self.n_by_kind.values().sum()
    }
}

/// Adds up the points of all cases of a fund line and one kind of care by institution, as `points_of` counts them.
///
/// Normal cases of an institution and a group have the same points, which are made once: trees of cases are not kept.
///
/// # Errors
///
/// [`NoTariff`].
pub fn add_up(
    fund_line: &FundLine,
    cases: &[DrgCase],
    tariffs: &InForce<Arc<PublishedTariff>>,
    rules: &PoolRules,
) -> Result<BTreeMap<InstitutionCode, Pointed>, NoTariff> {
    let mut known: HashMap<_, Normal> = HashMap::new();
    let mut all: BTreeMap<InstitutionCode, Pointed> = BTreeMap::new();
    for (case, is_cut) in cases.iter().zip(cut(cases, rules)) {
        let tariff = tariffs.on(case.discharged).ok_or(NoTariff(case.discharged))?;
        let alike = (Arc::as_ptr(tariff), &case.institution, &case.group, is_cut);
        let (kind, points) = match known.get(&alike) {
            Some(normal) if normal.has(case, rules) => (Kind::Normal, normal.points),
            Some(_) | None => {
                let kept = is_cut.then_some(rules.readmission.kept);
                let CountedCase { made, standard, .. } =
                    points_of_one((fund_line, case), kept, tariff, rules);
                if let Some(standard) = standard.filter(|_| made.kind == Kind::Normal) {
                    // Without a mean cost of all cases each is measured by its own.
                    let normal = tariff.mean_cost.map(|_| Normal { standard, points: made.points });
                    known.extend(normal.map(|normal| (alike, normal)));
                }
                (made.kind, made.points)
            }
        };
        if !all.contains_key(&case.institution) {
            all.insert(case.institution.clone(), Pointed::default());
        }
        let own = all.get_mut(&case.institution).expect("it is there");
        own.member.points = Points::new(own.member.points.get() + points.get());
        own.member.personal += case.personal;
        own.fund += case.fund;
        *own.n_by_kind.entry(kind).or_default() += 1;
    }
    Ok(all)
}

/// What normal cases of an institution and a group have in common.
struct Normal {
    standard: Standard,
    points: Points,
}

impl Normal {
    /// Whether a case is one of them.
    fn has(&self, case: &DrgCase, rules: &PoolRules) -> bool {
        let Standard { mean, weight, .. } = self.standard;
        let kind =
            PositiveFen::try_from(case.cost).map(|cost| kind_by_cost(cost, mean, Some(weight), &rules.bands));
        kind == Ok(Kind::Normal)
            && case.reviewed_cost.is_none()
            && !rules.incomplete_discharges.contains(&case.dscg_way)
    }
}

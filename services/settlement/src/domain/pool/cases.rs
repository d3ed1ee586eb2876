use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use medfund_money::{Coefficient, Fen, PositiveFen, Rate};
use medfund_tariff::case_points::{
    Case, CasePoints, Standard, Stay, case_points, readmitted, reviewed_points, ungrouped_points,
};
use medfund_tariff::points::group_points;
use medfund_tariff::{GroupCode, PublishedTariff, Weight};
use medfund_types::{FundLine, InstitutionCode};

use super::rules::PoolRules;
use crate::domain::in_force::InForce;
use crate::domain::methods::RatedCase;

/// A case that a pool pays, as points look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrgCase {
    /// The institution.
    pub institution: InstitutionCode,
    /// Its settlement id.
    pub setl_id: String,
    /// The patient.
    pub person: String,
    /// The admission; several bills may settle one.
    pub admission: String,
    /// The day of admission.
    pub admitted: NaiveDate,
    /// The day of discharge.
    pub discharged: NaiveDate,
    /// How the patient left, national code.
    pub dscg_way: String,
    /// The group.
    pub group: GroupCode,
    /// All of its cost.
    pub cost: Fen,
    /// The fund's share charged.
    pub fund: Fen,
    /// What the patient and other payers than the fund and the institution paid.
    pub personal: Fen,
    /// The cost that its review found justified (特病单议), if it was granted.
    pub reviewed_cost: Option<PositiveFen>,
}

/// A case with the points that it has, and what they were made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedCase {
    /// Its kind, its points and their tree.
    pub made: CasePoints,
    /// What its group's cases are measured by; `None`: no weight prices it.
    pub standard: Option<Standard>,
    /// The institution's coefficient in the group, within the pack's bounds.
    pub coefficient: Coefficient,
    /// The share that a readmission leaves of its points.
    pub kept: Option<Rate>,
}

/// No tariff is in force on a case's day of discharge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no tariff is in force on {0}")]
pub struct NoTariff(pub NaiveDate);

/// The points of all cases of a fund line and one kind of care (病例点数).
///
/// Each by the tariff in force on its day of discharge: complete stays the group's points × the institution's
/// coefficient; low, high and incomplete ones by their cost; who is in no group or in one without weight by cost until
/// it is reviewed; a case whose review was granted by the cost that was found justified. A stay whose patient came back
/// in the same group keeps a share.
///
/// - Returns `[n_cases]`, in the order of `cases`.
///
/// # Errors
///
/// [`NoTariff`].
///
/// Source: PZH 四(二)1 and 2; what the notice leaves open are the pack's defaults.
pub fn points_of(
    fund_line: &FundLine,
    cases: &[DrgCase],
    tariffs: &InForce<Arc<PublishedTariff>>,
    rules: &PoolRules,
) -> Result<Vec<CountedCase>, NoTariff> {
    let cut = cut(cases, rules);
    let points = |(case, is_cut): (&DrgCase, bool)| {
        let tariff = tariffs.on(case.discharged).ok_or(NoTariff(case.discharged))?;
        let kept = is_cut.then_some(rules.readmission.kept);
        Ok(points_of_one((fund_line, case), kept, tariff, rules))
    };
    cases.iter().zip(cut).map(points).collect()
}

/// The points of one case; `kept`: what a readmission leaves of them, where one cuts the stay.
pub(super) fn points_of_one(
    (fund_line, case): (&FundLine, &DrgCase),
    kept: Option<Rate>,
    tariff: &PublishedTariff,
    rules: &PoolRules,
) -> CountedCase {
    let RatedCase { standard, mean, case: looked_at, .. } =
        measured((fund_line, case), kept, tariff, Some(rules));
    let one: Weight = "1".parse().expect("a written weight");
    let mean_case = (group_points(one, rules.mean_case_points), mean);
    let made = match (case.reviewed_cost, &standard) {
        (Some(reviewed), _) => {
            let made = reviewed_points(mean_case, reviewed, kept);
            CasePoints { derivation: made.derivation.clause(&rules.special_cases_cite), ..made }
        }
        (None, Some(standard)) => case_points(standard, &looked_at, &rules.bands),
        (None, None) => ungrouped_points(mean_case, &looked_at, rules.ungrouped_share),
    };
    CountedCase { made, standard, coefficient: looked_at.coefficient, kept }
}

/// The cases of one fund line and kind of care as a rate looks at them, in the order of `cases`.
///
/// A stay whose patient came back in the same group keeps a share, as for points.
///
/// - `rules`: `None` if the pack has no pool; then nothing but weight and coefficient counts.
///
/// # Errors
///
/// [`NoTariff`].
pub fn rated(
    fund_line: &FundLine,
    cases: &[DrgCase],
    tariffs: &InForce<Arc<PublishedTariff>>,
    rules: Option<&PoolRules>,
) -> Result<Vec<RatedCase>, NoTariff> {
    let kept = match rules {
        Some(rules) => cut(cases, rules).into_iter().map(|is| is.then_some(rules.readmission.kept)).collect(),
        None => vec![None; cases.len()],
    };
    let rated = |(case, kept): (&DrgCase, Option<Rate>)| {
        let tariff = tariffs.on(case.discharged).ok_or(NoTariff(case.discharged))?;
        Ok(measured((fund_line, case), kept, tariff, rules))
    };
    cases.iter().zip(kept).map(rated).collect()
}

/// A case of a fund line beside what its group's cases are measured by.
fn measured(
    (fund_line, case): (&FundLine, &DrgCase),
    kept: Option<Rate>,
    tariff: &PublishedTariff,
    rules: Option<&PoolRules>,
) -> RatedCase {
    // A bill of nothing has no points; a fen makes it a low case of none.
    let cost = PositiveFen::try_from(case.cost).unwrap_or_else(|_| PositiveFen::try_from(1).expect("a fen"));
    let group = tariff.groups.group(&case.group).filter(|_| case.group.is_grouped());
    let factor = |group| tariff.factor(&case.institution, fund_line, group);
    let mut coefficient = group.map_or(Coefficient::ONE, factor);
    if let Some(PoolRules { coefficients: [least, most], .. }) = rules
        && group.is_none_or(|group| !group.is_basic)
    {
        coefficient = coefficient.max(*least).min(*most);
    }
    let base = rules.map_or(tariff.base_points, |rules| rules.mean_case_points);
    RatedCase {
        standard: group.and_then(|group| tariff.standard(&group.code, base, cost)),
        mean: tariff.mean_cost.unwrap_or(cost),
        case: Case {
            cost,
            coefficient,
            is_incomplete: rules.is_some_and(|rules| rules.incomplete_discharges.contains(&case.dscg_way)),
            kept,
        },
        fund: case.fund,
        personal: case.personal,
    }
}

/// Which cases a readmission cuts: the bills of one admission in one group are one stay.
pub(super) fn cut(cases: &[DrgCase], rules: &PoolRules) -> Vec<bool> {
    let mut places: BTreeMap<(&InstitutionCode, &str, &GroupCode), usize> = BTreeMap::new();
    let mut stays: Vec<Stay<&str>> = Vec::new();
    let mut stay_of = Vec::with_capacity(cases.len());
    for case in cases {
        let key = (&case.institution, case.admission.as_str(), &case.group);
        let place = *places.entry(key).or_insert_with(|| {
            stays.push(Stay {
                patient: &case.person,
                institution: case.institution.clone(),
                group: case.group.clone(),
                admitted: case.admitted,
                discharged: case.discharged,
            });
            stays.len() - 1
        });
        let stay = &mut stays[place];
        stay.admitted = stay.admitted.min(case.admitted);
        stay.discharged = stay.discharged.max(case.discharged);
        stay_of.push(place);
    }
    // Without a group nobody knows what came back.
    let cut: Vec<bool> = readmitted(&stays, &rules.readmission)
        .into_iter()
        .zip(&stays)
        .map(|(cut, stay)| cut && stay.group.is_grouped())
        .collect();
    stay_of.into_iter().map(|place| cut[place]).collect()
}

//! Draws what institutions did well and badly.

use medfund_policy::KindOfCare;
use medfund_types::{FundLine, SettlementMonth};
use rust_decimal::Decimal;

use super::draw::Draw;
use super::generate::hundredths;
use super::profile::{IndicatorProfile, Profile};
use super::region::{CarePlan, Conduct, Region};

/// How often each grade is given, best first; a pack with fewer grades uses the first of these.
const GRADES: [i64; 6] = [45, 30, 15, 7, 2, 1];

/// How many more admissions than drawn a planned year may have.
const MORE_ADMISSIONS: i64 = 24;

/// The largest plan has a fourth quarter that is just too crowded for the pack.
pub(super) fn crowd_an_autumn(profile: &Profile, plans: &mut [CarePlan]) {
    let Some(tolerance) = profile.fourth_quarter_tolerance else { return };
    let inpatient = plans.iter_mut().filter(|plan| plan.care == KindOfCare::Inpatient);
    let Some(plan) = inpatient.max_by_key(|plan| plan.n_admissions) else { return };
    let n_least = plan.n_admissions;
    let splits = (n_least..=n_least + MORE_ADMISSIONS)
        .flat_map(|n| (n * 3 / 5..n * 9 / 10).map(move |first| (first, n - first)));
    // The excess over the mean of three quarters, as a share of it.
    let excess = |(first, fourth): (i64, i64)| Decimal::from(fourth * 3 - first) / Decimal::from(first);
    let closest = splits.filter(|split| excess(*split) > tolerance).min_by_key(|split| excess(*split));
    if let Some((first, fourth)) = closest {
        plan.n_admissions = first + fourth;
        plan.by_quarter = Some((first, fourth));
    }
}

/// Some break the rules, at least one of every fund line and district, and inspectors come in some month.
pub(super) fn tempt(draw: &mut Draw, profile: &Profile, plans: &mut [CarePlan]) {
    let is_open = |plan: &&mut CarePlan| {
        plan.care == KindOfCare::Inpatient && plan.by_quarter.is_none() && plan.last_month == 12
    };
    let mut open: Vec<&mut CarePlan> = plans.iter_mut().filter(is_open).collect();
    let year = profile.fund_year.get();
    let surely = draw.place(open.len().max(1));
    for (i, plan) in open.iter_mut().enumerate() {
        if draw.happens(250) || i == surely {
            let month = u32::try_from(draw.between(3, 10)).expect("a month");
            plan.violates = SettlementMonth::from_ym(year, month);
        }
    }
}

pub(super) fn add(region: &mut Region, profile: &Profile) {
    let grades = grades(region, profile);
    let mut conduct: Vec<Conduct> = Vec::new();
    for (institution, grade) in region.institutions.iter().zip(grades) {
        let mut draw = Draw::new(region.seed, &format!("conduct/{}", institution.code));
        let year = profile.fund_year.get();
        let care = region.care.iter().filter(|c| c.institution == institution.code);
        let inspections: Vec<(FundLine, SettlementMonth, i64)> = care
            .filter_map(|c| Some((c.fund_line.clone(), c.violates?, sampled_hundredths(&mut draw, profile))))
            .collect();
        conduct.push(Conduct {
            institution: institution.code.clone(),
            violation_years: if draw.happens(200) {
                vec![year - if draw.happens(500) { 1 } else { 2 }]
            } else {
                Vec::new()
            },
            inspections,
            limits: Vec::new(),
            measured: Vec::new(),
            grade,
        });
    }
    for indicator in &profile.indicators {
        measure(region.seed, indicator, &mut conduct);
    }
    region.conduct = conduct;
}

/// The share of a month's cases that inspectors look at: many times what the pack asks for at least.
fn sampled_hundredths(draw: &mut Draw, profile: &Profile) -> i64 {
    hundredths(profile.least_sampling_rate * Decimal::from(draw.between(20, 50))).clamp(10, 100)
}

/// Every grade is given to somebody where there are enough institutions, the rest by how often they are given.
fn grades(region: &Region, profile: &Profile) -> Vec<String> {
    let n_grades = profile.grades.len().min(GRADES.len());
    if n_grades == 0 {
        return vec![String::new(); region.institutions.len()];
    }
    let mut draw = Draw::new(region.seed, "grades");
    let mut given: Vec<usize> = (0..region.institutions.len())
        .map(|i| if i < n_grades { i } else { draw.by_weight(&GRADES[..n_grades]) })
        .collect();
    draw.shuffle(&mut given);
    given.into_iter().map(|grade| profile.grades[grade].clone()).collect()
}

/// Draws an indicator's values: one institution just misses its limit, another just keeps it, few others miss.
///
/// A least number that the pack leaves at nothing cannot be missed: most agree on one of their own.
fn measure(seed: u64, indicator: &IndicatorProfile, conduct: &mut [Conduct]) {
    let mut draw = Draw::new(seed, &format!("indicators/{}", indicator.id));
    let mut places: Vec<usize> = (0..conduct.len()).collect();
    draw.shuffle(&mut places);
    let is_open = indicator.limit.is_none_or(|limit| !indicator.is_most && limit.is_zero());
    for (place, one) in places.into_iter().zip(conduct) {
        let agrees = indicator.limit.is_none() || is_open && place != 1;
        let limit = match indicator.limit {
            Some(limit) if !agrees => limit,
            _ if indicator.is_count => Decimal::from(draw.between(5, 40)),
            _ => Decimal::new(draw.between(10, 90), 2),
        };
        if agrees {
            one.limits.push((indicator.id.clone(), limit));
        }
        let missed = place == 0 || place > 1 && draw.happens(80);
        let margin = if indicator.is_count {
            Decimal::from(if place > 1 { draw.between(1, 3) } else { 1 })
        } else {
            Decimal::new(if place > 1 { draw.between(1, 20) } else { 1 } * 5, 3)
        };
        let margin = if missed {
            margin
        } else if place == 1 {
            Decimal::ZERO
        } else {
            -margin
        };
        let value = if indicator.is_most { limit + margin } else { limit - margin };
        one.measured.push((indicator.id.clone(), value.max(Decimal::ZERO).normalize()));
    }
}

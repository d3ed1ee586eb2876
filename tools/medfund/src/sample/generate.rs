//! Draws a region: who is there, what the past was, what officers chose.

use medfund_types::{District, InstitutionCode};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::budgets;
use super::conduct;
use super::draw::{Draw, full, hospital_code, per_mille, scaled};
use super::kinds::{DISTRICT_NAMES, KINDS, Kind};
use super::profile::{LineProfile, Profile};
use super::region::{CarePlan, DistrictPlan, FactorValue, History, Institution, Insured, Region};
use super::terms;
use super::{Crowd, Options, Size};

/// What is over or under the quota in a year, in thousandths of it: some keep a surplus, some are over by
/// less than five per cent, some by more than ten.
const PRESSURES: [i64; 12] = [860, 1_030, 1_140, 950, 1_020, 900, 1_220, 980, 1_045, 820, 1_120, 1_000];

/// Months of admissions beside one another, January first: a cold winter and a quiet spring festival.
pub(super) const SEASON: [i64; 12] = [98, 64, 88, 84, 82, 80, 78, 79, 82, 82, 88, 95];

/// The kinds of institutions that a tiny region has, by their places: one of each level, two primary ones.
const TINY: [usize; 4] = [0, 2, 7, 9];

/// An institution while its region is drawn.
pub(super) struct Member {
    pub(super) institution: Institution,
    pub(super) kind: Kind,
    pub(super) n_admissions: i64,
}

/// Draws the region of `seed`; the same arguments give the same region.
#[must_use]
pub fn generate(profile: &Profile, size: Size, seed: u64, options: &Options) -> Region {
    let mut region = Region {
        seed,
        area: profile.area.clone(),
        fund_year: profile.fund_year,
        districts: districts(profile, size, seed, options),
        institutions: Vec::new(),
        insured: Vec::new(),
        budgets: Vec::new(),
        histories: Vec::new(),
        factors: Vec::new(),
        terms: Vec::new(),
        adjustments: Vec::new(),
        conduct: Vec::new(),
        violation_kinds: profile.violation_kinds.clone(),
        care: Vec::new(),
        inpatient_med_type: profile.inpatient_med_type.clone(),
        outpatient_med_types: profile.outpatient_med_types.clone(),
    };
    for (place, district) in region.districts.clone().iter().enumerate() {
        let members = members(profile, size, seed, options, (place, district));
        let factors = factors(profile, seed, &members);
        for (place, line) in profile.lines.iter().enumerate() {
            add_line(&mut region, profile, district, &members, &factors, (place, line));
        }
        region.factors.extend(factors);
        region.institutions.extend(members.into_iter().map(|m| m.institution));
    }
    conduct::add(&mut region, profile);
    region
}

fn districts(profile: &Profile, size: Size, seed: u64, options: &Options) -> Vec<DistrictPlan> {
    let mut draw = Draw::new(seed, "districts");
    let first_method = draw.place(profile.methods.len());
    let plan = |i: usize| DistrictPlan {
        code: district_code(profile.area.as_str(), i),
        name: DISTRICT_NAMES[i].to_owned(),
        method: options.method.unwrap_or(profile.methods[(first_method + i) % profile.methods.len()]),
        staff_funding_increase_fen: 0,
        n_advance_months: 0,
    };
    let n_districts = options.crowd.map_or(size.n_districts(), Crowd::n_districts);
    let mut plans: Vec<DistrictPlan> = (0..n_districts).map(plan).collect();
    for plan in &mut plans {
        plan.staff_funding_increase_fen = full(draw.between(8_000_000, 60_000_000), 1_000);
        let months = draw.between(0, i64::from(profile.advance_months_max));
        plan.n_advance_months = u32::try_from(months).expect("a few months");
    }
    plans
}

fn district_code(area: &str, place: usize) -> District {
    format!("{}{:02}", &area[..4], place + 3).parse().expect("an area's first four digits and two more")
}

fn members(
    profile: &Profile,
    size: Size,
    seed: u64,
    options: &Options,
    (place, district): (usize, &DistrictPlan),
) -> Vec<Member> {
    let mut draw = Draw::new(seed, &format!("institutions/{}", district.code));
    let dropped = [[3, 8], [8, 11], [11, 11], [3, 11]][draw.place(4)];
    let primary_per_mille = primary_scale(profile, &mut draw);
    let has = |i: usize| match options.crowd {
        Some(crowd) => crowd.has(place, i),
        None if size == Size::Tiny => TINY.contains(&i),
        None => !dropped.contains(&i),
    };
    let n_lines = profile.lines.len();
    let volume = options.crowd.map_or(size.volume_per_mille(), |crowd| crowd.volume_per_mille(n_lines));
    let kinds = KINDS.iter().enumerate().filter(|(i, _)| has(*i));
    let member = |(i, kind): (usize, &Kind)| {
        let crowd = per_mille(draw.between(880, 1_120), volume);
        let n_admissions = per_mille(kind.n_admissions, crowd);
        let n_admissions =
            if kind.primary { per_mille(n_admissions, primary_per_mille) } else { n_admissions };
        let institution = Institution {
            code: hospital_code(district.code.as_str(), i + 1),
            name: format!("{}{}", district.name, kind.title),
            district: district.code.clone(),
            level: kind.level,
            class: kind.class,
            primary: kind.primary,
            n_beds: kind.n_beds,
        };
        Member { institution, kind: *kind, n_admissions: n_admissions.max(12) }
    };
    kinds.map(member).collect()
}

/// What the primary institutions' admissions are multiplied by, in thousandths, so that their share of the
/// cost lies about the floor that the pack keeps for them: above it in some regions, below it in others.
fn primary_scale(profile: &Profile, draw: &mut Draw) -> i64 {
    let cost = |primary: bool| -> i64 {
        let kinds = KINDS.iter().filter(|k| k.primary == primary);
        kinds.map(|k| per_mille(k.n_admissions * k.mean_cost_yuan, k.fund_share_per_mille)).sum()
    };
    let floor = (hundredths(profile.primary_floor_rate) * 10).clamp(20, 600);
    let wanted = per_mille(floor, draw.between(880, 1_150));
    scaled(cost(false), wanted * 1_000, cost(true) * (1_000 - wanted))
}

fn factors(profile: &Profile, seed: u64, members: &[Member]) -> Vec<FactorValue> {
    let mut values = Vec::new();
    for member in members {
        let code = &member.institution.code;
        let mut draw = Draw::new(seed, &format!("factors/{code}"));
        for factor in &profile.factors {
            let (low, high) = (hundredths(factor.low), hundredths(factor.high));
            // Most factors are left at one; an officer moves the few that there is a reason for.
            let value = if draw.happens(400) { draw.between(low, high) } else { 100.clamp(low, high) };
            let value = Decimal::new(value, 2).clamp(factor.low, factor.high);
            values.push(FactorValue { institution: code.clone(), factor: factor.id.clone(), value });
        }
    }
    values
}

pub(super) fn hundredths(value: Decimal) -> i64 {
    (value * Decimal::ONE_HUNDRED).to_i64().expect("a rate or coefficient is small")
}

fn add_line(
    region: &mut Region,
    profile: &Profile,
    district: &DistrictPlan,
    members: &[Member],
    factors: &[FactorValue],
    (place, line): (usize, &LineProfile),
) {
    let mut draw = Draw::new(region.seed, &format!("line/{}/{}", district.code, line.id));
    let shares: Vec<i64> = members.iter().map(|m| fund_share(&m.kind, place)).collect();
    let histories: Vec<History> =
        members.iter().zip(&shares).map(|(m, share)| history(&mut draw, m, *share, line)).collect();
    let budget = budgets::budget(region.seed, &mut draw, profile, line, &district.code, &histories);
    let quotas = budgets::expected_quotas(profile, &budget, members, &histories, factors);
    let n_persons = members.iter().map(|m| m.n_admissions).sum::<i64>() * 9;
    let mut pressures = PRESSURES;
    draw.shuffle(&mut pressures);
    for (i, member) in members.iter().enumerate() {
        let cost_fen = per_mille(quotas[i], pressures[i] + draw.between(-4, 4));
        let mean_fen = per_mille(member.kind.mean_cost_yuan * 100, shares[i]) * 21 / 20;
        let plan = CarePlan {
            institution: member.institution.code.clone(),
            fund_line: line.id.clone(),
            insutype: line.insutype.clone(),
            n_persons,
            n_admissions: (cost_fen / mean_fen).max(12),
            n_visits: member.n_admissions * 2 / 5,
            cost_fen,
            fund_share_per_mille: shares[i],
            violates: draw.happens(250),
            crowded_autumn: draw.happens(100),
        };
        region.terms.push(terms::term(&mut draw, district.method, &member.kind, &plan));
        region.care.push(plan);
    }
    region.insured.push(Insured { district: district.code.clone(), fund_line: line.id.clone(), n_persons });
    budgets::adjust(region, profile, line, members, &quotas, &mut draw);
    region.histories.extend(histories);
    region.budgets.push(budget);
}

/// The later fund lines of a pack bear a little less than the first, as residents' insurance does.
fn fund_share(kind: &Kind, place_of_line: usize) -> i64 {
    kind.fund_share_per_mille - if place_of_line == 0 { 0 } else { 120 }
}

fn history(draw: &mut Draw, member: &Member, share: i64, line: &LineProfile) -> History {
    let institution: InstitutionCode = member.institution.code.clone();
    let year = per_mille(member.n_admissions * member.kind.mean_cost_yuan * 100, share);
    let last = per_mille(year, draw.between(960, 1_050)) + draw.between(0, 99);
    let before = scaled(last, 1_000, draw.between(1_030, 1_110)) + draw.between(0, 99);
    let far = scaled(before, 1_000, draw.between(1_030, 1_110)) + draw.between(0, 99);
    let last_year_settled_fen = per_mille(last, draw.between(940, 1_000));
    History { institution, fund_line: line.id.clone(), cost_fen: [far, before, last], last_year_settled_fen }
}

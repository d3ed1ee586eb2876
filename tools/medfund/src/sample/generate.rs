//! Draws a region: who is there, what the past was, what officers chose.

use medfund_policy::KindOfCare;
use medfund_proto::types::v1::PaymentMethod;
use medfund_types::{District, InstitutionCode};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::budgets;
use super::conduct;
use super::counties;
use super::draw::{Draw, full, hospital_code, per_mille, scaled};
use super::kinds::{DISTRICT_NAMES, KINDS, Kind};
use super::profile::{CareProfile, LineProfile, Profile};
use super::region::{CarePlan, DistrictPlan, FactorValue, History, Institution, Insured, Region};
use super::terms;
use super::{Crowd, Options, Size};

/// What is over or under the quota in a year, in thousandths of it. Any four in a row have a large and a small
/// surplus, an overspend of less than ten per cent, and one of more.
const PRESSURES: [i64; 12] = [1_240, 1_075, 820, 930, 1_140, 1_030, 860, 970, 1_180, 1_045, 790, 900];

/// What a closed institution still costs, in thousandths of its quota.
const CLOSED: i64 = 4;

/// Months of admissions beside one another, January first: a cold winter and a quiet spring festival.
pub(super) const SEASON: [i64; 12] = [98, 64, 88, 84, 82, 80, 78, 79, 82, 82, 88, 95];

/// The kinds of institutions that a tiny region has, by their places: every level and class, two primary ones.
const TINY: [usize; 5] = [0, 4, 5, 7, 11];

/// The place among a district's institutions of the one whose wards are closed for an overhaul, if any.
pub(super) type Closed = Option<usize>;

/// An institution while its region is drawn.
pub(super) struct Member {
    pub(super) institution: Institution,
    pub(super) kind: Kind,
    pub(super) n_admissions: i64,
    /// Whether its inpatient care is paid by a DRG rate, where not all of a pool's is paid alike.
    pub(super) by_rate: bool,
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
        shares_referrals: profile.standards.shares_referrals,
    };
    let mut rated = Rated::default();
    for (i, district) in region.districts.clone().iter().enumerate() {
        let mut members = members(profile, size, seed, options, (i, district));
        rated.choose(profile, &mut members);
        let factors = factors(profile, seed, district, &members);
        // In the first district a hospital is closed from February on, unless it is to be crowded.
        let is_usual = i == 0 && options.crowd.is_none();
        let closed = members.iter().rposition(|m| is_usual && !m.institution.primary);
        for (place, line) in profile.lines.iter().enumerate() {
            add_line(&mut region, profile, district, (&members, closed), &factors, (place, line));
        }
        region.factors.extend(factors);
        region.institutions.extend(members.into_iter().map(|m| m.institution));
    }
    terms::agree_on_rates(&mut region);
    conduct::add(&mut region, profile);
    region
}

/// How many institutions a region has so far, and how many of them are paid by a DRG rate.
#[derive(Default)]
struct Rated {
    n_all: usize,
    n_rated: usize,
}

impl Rated {
    /// Has the busiest institutions of a district paid by a DRG rate, as many as the pack asks for.
    fn choose(&mut self, profile: &Profile, members: &mut [Member]) {
        let Some(share) = profile.drg_share else { return };
        self.n_all += members.len();
        let wanted = share * Decimal::from(self.n_all);
        let mut by_volume: Vec<&mut Member> = members.iter_mut().collect();
        by_volume.sort_by_key(|member| std::cmp::Reverse(member.n_admissions * member.kind.mean_cost_yuan));
        for member in by_volume {
            if Decimal::from(self.n_rated) < wanted {
                member.by_rate = true;
                self.n_rated += 1;
            }
        }
    }
}

/// The counties that a region has of its own: a tiny one is a trial, and a crowd has districts as many as it needs.
fn own_counties(profile: &Profile, size: Size, options: &Options) -> &'static [counties::County] {
    if size == Size::Tiny || options.crowd.is_some() { &[] } else { counties::of(profile.area.as_str()) }
}

fn districts(profile: &Profile, size: Size, seed: u64, options: &Options) -> Vec<DistrictPlan> {
    let mut draw = Draw::new(seed, "districts");
    let first_method = draw.place(profile.methods.len());
    let chosen = |i: usize| {
        profile.districts_choose.then(|| profile.methods[(first_method + i) % profile.methods.len()])
    };
    let own = own_counties(profile, size, options);
    let plan = |i: usize| DistrictPlan {
        code: match own.get(i) {
            Some((code, _)) => code.parse().expect("a county's code"),
            None => district_code(profile.area.as_str(), i),
        },
        name: own.get(i).map_or(DISTRICT_NAMES[i], |(_, name)| name).to_owned(),
        method: options.method.or(chosen(i)),
        staff_funding_increase_fen: 0,
        n_advance_months: 0,
    };
    let drawn = options.crowd.map_or(size.n_districts(), Crowd::n_districts);
    let n_districts = if own.is_empty() { drawn } else { own.len() };
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
    let has_counties = !own_counties(profile, size, options).is_empty();
    let has = |i: usize| match options.crowd {
        Some(crowd) => crowd.has(place, i),
        None if has_counties => counties::has(place, i),
        None if size == Size::Tiny => TINY.contains(&i),
        None => !dropped.contains(&i),
    };
    let n_lines = profile.lines.len();
    let volume = options.crowd.map_or(size.volume_per_mille(), |crowd| crowd.volume_per_mille(n_lines));
    let volume = if has_counties { per_mille(volume, counties::VOLUME_PER_MILLE) } else { volume };
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
            management_grade: management_grade(profile, i),
        };
        Member { institution, kind: *kind, n_admissions: n_admissions.max(12), by_rate: false }
    };
    kinds.map(member).collect()
}

/// One institution after another has a grade, and each turn one has none.
fn management_grade(profile: &Profile, place: usize) -> String {
    let turn = place % (profile.management_grades.len() + 1);
    profile.management_grades.get(turn).cloned().unwrap_or_default()
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

/// What officers set: each factor as low as the pack allows for one institution of the district, as high for
/// another, in between for some, and not at all for the rest.
fn factors(profile: &Profile, seed: u64, district: &DistrictPlan, members: &[Member]) -> Vec<FactorValue> {
    let mut values = Vec::new();
    for factor in &profile.factors {
        let mut draw = Draw::new(seed, &format!("factors/{}/{}", district.code, factor.id));
        let mut places: Vec<usize> = (0..members.len()).collect();
        draw.shuffle(&mut places);
        for (place, member) in places.into_iter().zip(members) {
            let value = match place {
                0 => Some(factor.low),
                1 => Some(factor.high),
                _ if draw.happens(300) => {
                    let value = draw.between(hundredths(factor.low), hundredths(factor.high));
                    Some(Decimal::new(value, 2).clamp(factor.low, factor.high))
                }
                _ => None,
            };
            let code = &member.institution.code;
            values.extend(value.map(|value| FactorValue {
                institution: code.clone(),
                factor: factor.id.clone(),
                value,
            }));
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
    (members, closed): (&[Member], Closed),
    factors: &[FactorValue],
    (place, line): (usize, &LineProfile),
) {
    let mut draw = Draw::new(region.seed, &format!("line/{}/{}", district.code, line.id));
    let histories: Vec<History> =
        members.iter().map(|member| history(&mut draw, member, (place, line))).collect();
    let mut budget = budgets::budget(&mut draw, profile, (place, line), &district.code, &histories);
    budget.shares = shares(&members[0].kind, (place, line));
    let quotas = budgets::expected_quotas(profile, &budget, members, &histories, factors);
    let n_persons = members.iter().map(|m| m.n_admissions).sum::<i64>() * 9;
    let mut pressures = pressures(&mut draw, place, members.len(), closed);
    let mut plans = Vec::new();
    for (i, member) in members.iter().enumerate() {
        let is_closed = closed == Some(i);
        let pressure =
            if is_closed { CLOSED } else { pressures.pop().unwrap_or(1_000) + draw.between(-4, 4) };
        let cost_fen = per_mille(quotas[i], pressure);
        let parts = line.care.iter().map(|care| member.kind.usual(care.kind, place).part).sum();
        let has_visits = !is_closed && !profile.outpatient_med_types.is_empty();
        for care in &line.care {
            let mut plan = plan(member, (place, line), care, (cost_fen, parts), is_closed);
            plan.n_persons = n_persons;
            if care.kind == KindOfCare::Inpatient && has_visits {
                plan.n_visits = member.n_admissions * 2 / 5;
            }
            plans.push(plan);
        }
    }
    conduct::crowd_an_autumn(profile, &mut plans);
    conduct::tempt(&mut draw, profile, &mut plans);
    for (n, plan) in plans.iter().enumerate() {
        let (i, care) = (n / line.care.len(), &line.care[n % line.care.len()]);
        let chosen = district.method.filter(|_| care.kind == KindOfCare::Inpatient);
        let chosen = chosen.filter(|method| care.methods.contains(method));
        let method = chosen.unwrap_or_else(|| method(&members[i], care, i + place));
        region.terms.push(terms::term(&mut draw, (method, &profile.standards), &members[i].kind, plan));
        region.terms.extend(terms::periodic(&profile.standards, &members[i].kind, plan));
    }
    region.care.extend(plans);
    region.insured.push(Insured { district: district.code.clone(), fund_line: line.id.clone(), n_persons });
    let reserve_fen = budgets::reserve(profile, &budget);
    budgets::adjust(region, profile, line, (members, closed), (&quotas, reserve_fen), &mut draw);
    region.histories.extend(histories);
    region.budgets.push(budget);
}

/// The method that an institution agrees on for a kind of care: its turn's, and a DRG rate for those that have one.
fn method(member: &Member, care: &CareProfile, turn: usize) -> PaymentMethod {
    let is_rate = |method: &PaymentMethod| *method == PaymentMethod::DrgRate;
    let (rates, others): (Vec<PaymentMethod>, Vec<PaymentMethod>) =
        care.methods.iter().copied().partition(is_rate);
    let of = if member.by_rate && !rates.is_empty() || others.is_empty() { rates } else { others };
    of[turn % of.len()]
}

/// What is over or under, for as many institutions as are open; every fund line begins at another place.
fn pressures(draw: &mut Draw, place: usize, n_members: usize, closed: Closed) -> Vec<i64> {
    let n_open = n_members - usize::from(closed.is_some());
    let mut pressures = PRESSURES;
    pressures.rotate_left(4 * place % PRESSURES.len());
    let mut used: Vec<i64> = pressures.into_iter().cycle().take(n_open).collect();
    draw.shuffle(&mut used);
    used
}

/// What each kind of care of a line with a pool gets of the target, in thousandths: as it usually costs.
fn shares(kind: &Kind, (place, line): (usize, &LineProfile)) -> Vec<(KindOfCare, Decimal)> {
    if !line.care.iter().any(|care| care.pooled) {
        return Vec::new();
    }
    let part = |care: &CareProfile| kind.usual(care.kind, place).part;
    let parts: i64 = line.care.iter().map(part).sum();
    let mut left = 1_000;
    let mut shares: Vec<(KindOfCare, Decimal)> = Vec::new();
    for care in line.care.iter().rev() {
        let is_last = shares.len() + 1 == line.care.len();
        let share = if is_last { left } else { scaled(1_000, part(care), parts) };
        left -= share;
        shares.push((care.kind, Decimal::new(share, 3)));
    }
    shares.reverse();
    shares
}

/// What an institution does of one kind of care.
///
/// - `cost`: of all kinds together, in fen, and the sum of their parts.
fn plan(
    member: &Member,
    (place, line): (usize, &LineProfile),
    care: &CareProfile,
    (cost_fen, parts): (i64, i64),
    is_closed: bool,
) -> CarePlan {
    let usual = member.kind.usual(care.kind, place);
    let cost_fen = scaled(cost_fen, usual.part, parts);
    let mean_fen = per_mille(usual.mean_cost_yuan * 100, usual.fund_share_per_mille) * 21 / 20;
    let least_admissions = if is_closed { 2 } else { 12 };
    CarePlan {
        institution: member.institution.code.clone(),
        fund_line: line.id.clone(),
        care: care.kind,
        med_type: care.med_type.clone(),
        insutype: line.insutype.clone(),
        n_persons: 0,
        n_admissions: (cost_fen / mean_fen).max(least_admissions),
        n_visits: 0,
        pooled: care.pooled,
        cost_fen,
        fund_share_per_mille: usual.fund_share_per_mille,
        violates: None,
        by_quarter: None,
        last_month: if is_closed { 1 } else { 12 },
    }
}

fn history(draw: &mut Draw, member: &Member, (place, line): (usize, &LineProfile)) -> History {
    let share = member.kind.usual(KindOfCare::Inpatient, place).fund_share_per_mille;
    let institution: InstitutionCode = member.institution.code.clone();
    let year = per_mille(member.n_admissions * member.kind.mean_cost_yuan * 100, share);
    let last = per_mille(year, draw.between(960, 1_050)) + draw.between(0, 99);
    let before = scaled(last, 1_000, draw.between(1_030, 1_110)) + draw.between(0, 99);
    let far = scaled(before, 1_000, draw.between(1_030, 1_110)) + draw.between(0, 99);
    let last_year_settled_fen = per_mille(last, draw.between(940, 1_000));
    History { institution, fund_line: line.id.clone(), cost_fen: [far, before, last], last_year_settled_fen }
}

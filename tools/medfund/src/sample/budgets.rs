//! Draws what is entered before the target, and guesses the quotas that will come of it.

use medfund_types::{District, SettlementMonth};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::draw::{Draw, full, per_mille, scaled};
use super::generate::{Closed, Member, hundredths};
use super::profile::{LineProfile, Profile};
use super::region::{Adjustment, Budget, FactorValue, History, Institution, Region};

/// The shares of the largest reserve that is planned where it is soon short, in thousandths.
const SHORT_RESERVES: [i64; 3] = [53, 80, 107];

/// A budget whose target is a little above last year's cost.
///
/// `place`: the fund line's among the pack's. The reserve of every other line is short; the rest keep what the
/// pack plans.
pub(super) fn budget(
    draw: &mut Draw,
    profile: &Profile,
    (place, line): (usize, &LineProfile),
    district: &District,
    histories: &[History],
) -> Budget {
    let is_short = place.is_multiple_of(2);
    let last_year: i64 = histories.iter().map(|h| h.cost_fen[2]).sum();
    let wanted_target = per_mille(last_year, draw.between(1_030, 1_070));
    let n_deductions = i64::try_from(line.deductions.len()).expect("a pack names few deductions");
    let shares: Vec<i64> =
        line.deductions.iter().map(|_| draw.between(100, 380) / n_deductions.max(1)).collect();
    let short = SHORT_RESERVES[draw.place(SHORT_RESERVES.len())];
    let rate = if is_short {
        profile.reserve_max_rate * Decimal::new(short, 3)
    } else {
        profile.reserve_planned_rate
    };
    let left = 1_000 - shares.iter().sum::<i64>() - part(1_000, rate);
    let budget_fen = full(scaled(wanted_target, 1_000, left), 1_000);
    let deductions = line.deductions.iter().zip(&shares);
    let (least, most) = profile.forecast_range;
    let forecast = least + (most - least) * Decimal::new(draw.between(3, 7), 1);
    Budget {
        district: district.clone(),
        fund_line: line.id.clone(),
        income_fen: income(profile, budget_fen, place),
        budget_fen,
        deductions: deductions
            .map(|(id, share)| (id.clone(), full(per_mille(budget_fen, *share), 100)))
            .collect(),
        reserve_fen: is_short.then(|| full(part(budget_fen, rate), 100)),
        largest_reserve_fen: part(budget_fen, profile.reserve_max_rate),
        primary_care_raise: profile
            .primary_care_raise
            .filter(|_| !is_short)
            .map(|(least, most)| (least + (most - least) * Decimal::new(draw.between(3, 7), 1)).normalize()),
        raise_trials: profile
            .primary_care_raise
            .into_iter()
            .flat_map(|(least, most)| [least, most])
            .collect(),
        forecast: is_short.then(|| forecast.normalize()),
        forecast_trials: [least, most],
        adjustment_fen: full(per_mille(budget_fen, draw.between(-4, 8)), 100),
        shares: Vec::new(),
    }
}

/// An income that leaves a surplus well inside what the pack wants: near its upper end for one line, near its
/// lower end for the next.
fn income(profile: &Profile, budget_fen: i64, place: usize) -> i64 {
    let (wanted, tolerance) = profile.surplus_rate.unwrap_or((Decimal::new(10, 2), Decimal::ZERO));
    let off = tolerance * Decimal::new(9, 1);
    let rate = if place.is_multiple_of(2) { wanted + off } else { (wanted - off).max(Decimal::ZERO) };
    let income_yuan = Decimal::from(budget_fen) / (Decimal::ONE_HUNDRED * (Decimal::ONE - rate));
    // Up to the next yuan.
    (income_yuan.to_i64().expect("an income fits") + 1) * 100
}

/// What is kept in reserve.
pub(super) fn reserve(profile: &Profile, budget: &Budget) -> i64 {
    budget.reserve_fen.unwrap_or_else(|| part(budget.budget_fen, profile.reserve_planned_rate))
}

/// A share of an amount, rounded down.
fn part(amount_fen: i64, rate: Decimal) -> i64 {
    (Decimal::from(amount_fen) * rate).to_i64().expect("a part of an amount fits")
}

/// About what the quotas will be. A guess that steers how much care the year will see, and nothing else.
pub(super) fn expected_quotas(
    profile: &Profile,
    budget: &Budget,
    members: &[Member],
    histories: &[History],
    factors: &[FactorValue],
) -> Vec<i64> {
    let deducted: i64 = budget.deductions.iter().map(|(_, fen)| fen).sum();
    let reserve = reserve(profile, budget);
    let target = budget.budget_fen - deducted - reserve + budget.adjustment_fen;
    let weights = members.iter().zip(histories).map(|(m, h)| weight(profile, &m.institution, h, factors));
    let weights: Vec<i64> = weights.collect();
    let group = |primary: bool| -> i64 {
        members.iter().zip(&weights).filter(|(m, _)| m.institution.primary == primary).map(|(_, w)| w).sum()
    };
    let (primary, others) = (group(true), group(false));
    let floor = per_mille(target, hundredths(profile.primary_floor_rate) * 10);
    let primary_part = scaled(target, primary, (primary + others).max(1)).max(floor);
    let quota = |(member, weight): (&Member, &i64)| {
        let (part, sum) = if member.institution.primary {
            (primary_part, primary)
        } else {
            (target - primary_part, others)
        };
        scaled(part, *weight, sum.max(1))
    };
    members.iter().zip(&weights).map(quota).collect()
}

fn weight(profile: &Profile, institution: &Institution, history: &History, factors: &[FactorValue]) -> i64 {
    let years = history.cost_fen.iter().zip(&profile.year_weights);
    let base: Decimal = years.map(|(cost, weight)| Decimal::from(*cost) * weight).sum();
    let mine = factors.iter().filter(|f| f.institution == history.institution);
    let read = profile.tables.iter().filter_map(|table| {
        let key = if table.by_level { institution.level.to_string() } else { institution.class.to_owned() };
        table.values.get(&key).copied()
    });
    let coefficient: Decimal = mine.map(|f| f.value).chain(read).product();
    (base * coefficient).to_i64().expect("a year's cost fits")
}

/// One institution of a line grows in the year and one stops a part of its services: the closed one, if any.
pub(super) fn adjust(
    region: &mut Region,
    profile: &Profile,
    line: &LineProfile,
    (members, closed): (&[Member], Closed),
    (quotas, reserve_fen): (&[i64], i64),
    draw: &mut Draw,
) {
    let n = members.len();
    let stops = closed.unwrap_or_else(|| draw.place(n));
    let grows = (stops + 1 + draw.place(n - 1)) % n;
    for (place, month, thousandths) in [(grows, 6, 25), (stops, 9, -30)] {
        let reason = &profile.adjustment_reasons[draw.place(profile.adjustment_reasons.len())];
        region.adjustments.push(Adjustment {
            institution: members[place].institution.code.clone(),
            fund_line: line.id.clone(),
            month: SettlementMonth::from_ym(profile.fund_year.get(), month).expect("a month of a fund year"),
            reason: reason.clone(),
            // No more than a part of what may be drawn from the reserve.
            change_fen: full(per_mille(quotas[place], thousandths).min(reserve_fen / 5), 100),
        });
    }
}

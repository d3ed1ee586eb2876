//! Draws what is entered before the target, and guesses the quotas that will come of it.

use medfund_types::{District, SettlementMonth};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::draw::{Draw, full, per_mille, scaled};
use super::generate::{Member, hundredths};
use super::profile::{LineProfile, Profile};
use super::region::{Adjustment, Budget, FactorValue, History, Region};

/// The shares of a budget that a planned reserve may take, in thousandths: in some regions it is soon short.
const RESERVES: [i64; 4] = [8, 15, 40, 90];

/// A budget whose target is a little above last year's cost.
pub(super) fn budget(
    seed: u64,
    draw: &mut Draw,
    profile: &Profile,
    line: &LineProfile,
    district: &District,
    histories: &[History],
) -> Budget {
    let last_year: i64 = histories.iter().map(|h| h.cost_fen[2]).sum();
    let wanted_target = per_mille(last_year, draw.between(1_030, 1_070));
    let n_deductions = i64::try_from(line.deductions.len()).expect("a pack names few deductions");
    let shares: Vec<i64> =
        line.deductions.iter().map(|_| draw.between(100, 380) / n_deductions.max(1)).collect();
    let planned = RESERVES[Draw::new(seed, "reserve").place(RESERVES.len())];
    let reserve = planned.min(hundredths(profile.reserve_max_rate) * 10);
    let left = 1_000 - shares.iter().sum::<i64>() - reserve;
    let budget_fen = full(scaled(wanted_target, 1_000, left), 1_000);
    let deductions = line.deductions.iter().zip(&shares);
    Budget {
        district: district.clone(),
        fund_line: line.id.clone(),
        income_fen: full(per_mille(budget_fen, draw.between(1_090, 1_130)), 1_000),
        budget_fen,
        deductions: deductions
            .map(|(id, share)| (id.clone(), full(per_mille(budget_fen, *share), 100)))
            .collect(),
        reserve_fen: full(per_mille(budget_fen, reserve), 100),
        adjustment_fen: full(per_mille(budget_fen, draw.between(-4, 8)), 100),
    }
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
    let target = budget.budget_fen - deducted - budget.reserve_fen + budget.adjustment_fen;
    let weights: Vec<i64> = histories.iter().map(|h| weight(profile, h, factors)).collect();
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

fn weight(profile: &Profile, history: &History, factors: &[FactorValue]) -> i64 {
    let years = history.cost_fen.iter().zip(&profile.year_weights);
    let base: Decimal = years.map(|(cost, weight)| Decimal::from(*cost) * weight).sum();
    let mine = factors.iter().filter(|f| f.institution == history.institution);
    let coefficient: Decimal = mine.map(|f| f.value).product();
    (base * coefficient).to_i64().expect("a year's cost fits")
}

/// One institution of a line grows in the year and one stops a part of its services.
pub(super) fn adjust(
    region: &mut Region,
    profile: &Profile,
    line: &LineProfile,
    members: &[Member],
    quotas: &[i64],
    draw: &mut Draw,
) {
    let n = members.len();
    let grows = draw.place(n);
    let stops = (grows + 1 + draw.place(n - 1)) % n;
    for (place, month, thousandths) in [(grows, 6, 25), (stops, 9, -30)] {
        let reason = &profile.adjustment_reasons[draw.place(profile.adjustment_reasons.len())];
        region.adjustments.push(Adjustment {
            institution: members[place].institution.code.clone(),
            fund_line: line.id.clone(),
            month: SettlementMonth::from_ym(profile.fund_year.get(), month).expect("a month of a fund year"),
            reason: reason.clone(),
            change_fen: full(per_mille(quotas[place], thousandths), 100),
        });
    }
}

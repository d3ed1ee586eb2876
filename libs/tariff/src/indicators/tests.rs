use medfund_money::Fen;
use medfund_types::InstitutionCode;
use proptest::prelude::*;

use super::*;
use crate::history::{Sum, Totals};
use crate::{Group, GroupCode, Pricing, Tariff};

fn code(text: &str) -> GroupCode {
    text.parse().unwrap()
}

fn hospital(number: u32) -> InstitutionCode {
    format!("H000000{number}").parse().unwrap()
}

fn sum(n_cases: u64, yuan: i64, n_days: u64, n_died: u64) -> Sum {
    Sum { n_cases, cost: Fen::from_yuan(yuan), fund_paid: Fen::from_yuan(yuan / 2), n_days, n_died }
}

fn tariff() -> Tariff {
    let weight = |text: &str| Pricing::Weight(text.parse().unwrap());
    let group = |text, pricing| Group::new(code(text), "", pricing);
    Tariff::new([
        group("FR13", weight("2")),
        group("FR15", weight("0.8")),
        group("GZ15", weight("0.5")),
        group("WB19", Pricing::ByItem),
    ])
    .unwrap()
}

/// Hospital 1: 20 of FR13, 60 of FR15, 10 of WB19, 10 in no group; hospital 2: 20 of FR13 and 1,000 of GZ15.
fn region() -> Totals {
    let mut totals = Totals::default();
    for (number, group, sum) in [
        (1, "FR13", sum(20, 240_000, 200, 1)),
        (1, "FR15", sum(60, 300_000, 480, 0)),
        (1, "WB19", sum(10, 500_000, 100, 2)),
        (1, "0000", sum(10, 50_000, 100, 0)),
        (2, "FR13", sum(20, 160_000, 120, 0)),
        (2, "GZ15", sum(1_000, 3_000_000, 5_000, 1)),
    ] {
        totals.add_sum((&hospital(number), None), &code(group), sum);
    }
    totals
}

fn of(number: u32) -> Performance {
    let totals = region();
    let own = totals.institutions().find(|(institution, _)| **institution == hospital(number)).unwrap().1;
    performance(own, &totals, &tariff(), &RiskBounds::default())
}

fn text(value: &Option<Exact>) -> String {
    value.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string)
}

#[test]
fn an_institutions_indicators_can_be_checked_by_hand() {
    let one = of(1);
    assert_eq!((one.n_cases, one.n_grouped, one.n_groups), (100, 90, 3));
    assert_eq!(text(&one.entry_rate), "0.9");
    // (20 × 2 + 60 × 0.8) / 80: burns have no weight.
    assert_eq!(text(&one.cmi), "1.1");
    // FR13: 12,000 beside 10,000, 20 cases; FR15 and WB19 are only here: (20 × 1.2 + 60 + 10) / 90.
    assert_eq!(text(&one.cost_index), "1.0444");
    // FR13: 10 days beside 8: (20 × 1.25 + 70) / 90.
    assert_eq!(text(&one.time_index), "1.0556");
    // It has no case of a low-risk group: FR13 has 1 death in 40, WB19 2 in 10.
    assert_eq!((one.n_low_risk, text(&one.low_risk_mortality)), (0, "–".to_owned()));
    // GZ15 has 1 in 1,000, which is low.
    let two = of(2);
    assert_eq!((two.n_low_risk, text(&two.low_risk_mortality)), (1_000, "0.001".to_owned()));
}

#[test]
fn a_groups_risk_is_the_regions_death_rate_within_bounds() {
    let class = |n_cases, n_died| RiskBounds::default().class(sum(n_cases, 1, 1, n_died));
    assert_eq!(class(0, 0), None);
    assert_eq!(class(1_000, 0), Some(Risk::None));
    assert_eq!(class(1_000, 1), Some(Risk::Low));
    assert_eq!(class(1_000, 2), Some(Risk::MiddleLow));
    assert_eq!(class(100, 1), Some(Risk::MiddleLow));
    assert_eq!(class(100, 5), Some(Risk::MiddleHigh));
    assert_eq!(class(100, 6), Some(Risk::High));
    let crossed = RiskBounds { low: "0.02".parse().unwrap(), ..RiskBounds::default() };
    assert_eq!((crossed.check(), RiskBounds::default().check()), (Err(RiskBoundsError), Ok(())));
}

#[test]
fn coverage_is_reached_by_the_exact_share() {
    let target = |text: &str| Target(text.parse().unwrap());
    let eligible = (1..=3).map(hospital).collect();
    let paid = [hospital(1), hospital(2), hospital(9)].into();
    let institutions = of_institutions(&eligible, &paid, target("0.7"));
    // 2 of 3.
    assert_eq!((text(&institutions.share), institutions.is_reached), ("0.6667".to_owned(), false));
    assert!(of_institutions(&eligible, &paid, target("0.4")).is_reached);
    // 3 of the 4 groups that have cases have a weight.
    let diseases = of_diseases(&region(), &paid, &tariff(), target("0.8"));
    assert_eq!((text(&diseases.share), diseases.is_reached), ("0.75".to_owned(), false));
    // 120,000 + 150,000 of hospital 1 for groups with a weight, of 540,000.
    let only_one = [hospital(1)].into();
    let funds = of_funds(&region(), &only_one, &tariff(), Fen::from_yuan(540_000), target("0.5"));
    assert_eq!((text(&funds.share), funds.is_reached), ("0.5".to_owned(), true));
    assert!(!of_funds(&region(), &only_one, &tariff(), Fen::ZERO, target("0")).is_reached);
}

proptest! {
    #[test]
    fn the_region_beside_itself_has_indexes_of_1(
        drawn in prop::collection::vec((1..500_u64, 1..1_000_000_i64, 1..5_000_u64), 1..8)
    ) {
        let mut totals = Totals::default();
        for (i, (n_cases, yuan, n_days)) in drawn.into_iter().enumerate() {
            let group = code(&format!("FR1{i}"));
            totals.add_sum((&hospital(1), None), &group, sum(n_cases, yuan, n_days, n_cases / 2));
        }
        let own = performance(totals.groups(), &totals, &tariff(), &RiskBounds::default());
        prop_assert_eq!(own.cost_index, Some(Exact::from(1_i64)));
        prop_assert_eq!(own.time_index, Some(Exact::from(1_i64)));
        prop_assert_eq!(own.entry_rate, Some(Exact::from(1_i64)));
    }
}

use std::collections::BTreeMap;

use medfund_money::{Fen, Node};
use medfund_types::InstitutionCode;
use proptest::prelude::*;

use super::*;
use crate::case_points::{Bands, HighLimit};
use crate::coefficient::Coefficients;
use crate::history::{CaseCosts, CostedCase, Sum, Totals};
use crate::{Group, GroupCode, Level, MOST_FEN, Pricing, Scope, Tariff};

fn code(text: &str) -> GroupCode {
    text.parse().unwrap()
}

fn hospital(number: usize) -> InstitutionCode {
    format!("H000000{number}").parse().unwrap()
}

fn tariff(weights: &[(&str, &str)]) -> Tariff {
    let priced = weights
        .iter()
        .map(|(group, weight)| Group::new(code(group), "", Pricing::Weight(weight.parse().unwrap())));
    Tariff::new(priced.chain([Group::new(code("WB19"), "", Pricing::ByItem)])).unwrap()
}

/// Hospital, group, cases, cost in yuan, of which the fund paid half.
fn cases(drawn: &[(usize, &str, u64, i64)]) -> Totals {
    let mut totals = Totals::default();
    for (number, group, n_cases, yuan) in drawn {
        let sum = Sum {
            n_cases: *n_cases,
            cost: Fen::from_yuan(*yuan),
            fund_paid: Fen::from_yuan(*yuan / 2),
            ..Sum::default()
        };
        totals.add_sum((&hospital(*number), None), &code(group), sum);
    }
    totals
}

fn by_points(budget: Fen, covers: Covers) -> Method {
    Method::Points { budget, base: "100".parse().unwrap(), covers }
}

fn pays(paid: &Paid) -> Vec<i64> {
    paid.institutions.values().map(|own| own.pay.get()).collect()
}

#[test]
fn the_budget_is_shared_by_points_to_the_fen() {
    let tariff = tariff(&[("FR13", "2"), ("FR15", "1")]);
    let mut coefficients = Coefficients::default();
    coefficients.set_general(hospital(1), "1.1".parse().unwrap());
    let cases = cases(&[(1, "FR13", 5, 90_000), (1, "WB19", 1, 70_000), (2, "FR15", 10, 60_000)]);
    let method = by_points(Fen::new(10_000_001), Covers::FundPart);
    let levels = BTreeMap::new();
    let setting = Setting { tariff: &tariff, coefficients: &coefficients, levels: &levels, method };
    let paid = pay(&cases, &setting).unwrap();
    // 5 × 200 × 1.1 = 1,100 points and 10 × 100 = 1,000: 11/21 and 10/21 of the budget, 5,238,095.76 and 4,761,905.24.
    assert_eq!(pays(&paid), [5_238_096, 4_761_905]);
    let one = &paid.institutions[&hospital(1)];
    assert_eq!((one.points.get(), one.priced.n_cases, one.outside.n_cases), (11_000_000, 5, 1));
    let value = paid.point_value.unwrap();
    // 10,000,001 / 2,100.
    assert_eq!(value.re_evaluate().unwrap().to_string(), "4761.905238");
}

#[test]
fn what_is_beyond_all_measure_is_refused() {
    let tariff = tariff(&[("FR13", "1000")]);
    let mut coefficients = Coefficients::default();
    coefficients.set_general(hospital(1), "100000".parse().unwrap());
    let (levels, cases) = (BTreeMap::new(), cases(&[(1, "FR13", 1_000_000, 90_000)]));
    let rate = Method::Rate { rate: Fen::new(MOST_FEN).try_into().unwrap() };
    let base = "100000".parse().unwrap();
    let greatest = Method::Points { budget: Fen::new(10_000_001), base, covers: Covers::FundPart };
    let setting = |method| Setting { tariff: &tariff, coefficients: &coefficients, levels: &levels, method };
    for method in [by_points(Fen::new(10_000_001), Covers::FundPart), rate, greatest] {
        assert_eq!(pay(&cases, &setting(method)), Err(WhatIfError::TooLarge));
    }
    let worth = |number| setting(rate).worth((&hospital(number), None), &code("FR13"));
    assert_eq!([worth(1), worth(2)], [Err(WhatIfError::TooLarge), Ok(Some(1_000 * MOST_FEN))]);
}

#[test]
fn the_difference_of_two_greatest_budgets_can_be_told() {
    let tariff = tariff(&[("FR13", "1"), ("FR15", "0.001")]);
    let (coefficients, levels) = (Coefficients::default(), BTreeMap::new());
    let cases = cases(&[(1, "FR13", 1, 1_000), (2, "FR15", 1, 90_000_000_000)]);
    let setting = |budget| {
        let method = by_points(Fen::new(budget), Covers::AllCost);
        Setting { tariff: &tariff, coefficients: &coefficients, levels: &levels, method }
    };
    let personal = Fen::from_yuan(45_000_000_500).get();
    let greatest = i64::MAX / 2 - personal;
    for budget in [i64::MAX, i64::MAX - personal, greatest + 1] {
        assert_eq!(pay(&cases, &setting(budget)), Err(WhatIfError::TooLarge), "{budget}");
    }
    let [nothing, all] = [0, greatest].map(|budget| pay(&cases, &setting(budget)).unwrap());
    assert!(nothing.institutions[&hospital(2)].pay.is_negative());
    let changes = differences(&nothing, &all).iter().map(Difference::change).sum::<Fen>();
    assert_eq!(changes, Fen::new(greatest));
}

#[test]
fn cases_far_from_the_mean_are_refused_too_where_they_count_beyond_all_measure() {
    let (totals, costs) = far_from_the_mean();
    let tariff = tariff(&[("FR13", "1000")]);
    let mut coefficients = Coefficients::default();
    coefficients.set_general(hospital(1), "100000".parse().unwrap());
    let (levels, limit) = (BTreeMap::new(), HighLimit { from_weight: None, limit: "2".parse().unwrap() });
    let bands = Bands { high: vec![limit], ..Bands::default() };
    let cases = Cases::by_cost(&totals, &costs, &bands);
    let method = Method::Rate { rate: Fen::new(MOST_FEN).try_into().unwrap() };
    let setting = Setting { tariff: &tariff, coefficients: &coefficients, levels: &levels, method };
    assert_eq!(pay(cases, &setting), Err(WhatIfError::TooLarge));
}

#[test]
fn where_standards_cover_all_cost_the_personal_parts_are_shared_and_taken_off() {
    let tariff = tariff(&[("FR13", "2"), ("FR15", "1")]);
    let (coefficients, levels) = (Coefficients::default(), BTreeMap::new());
    let cases = cases(&[(1, "FR13", 5, 90_000), (2, "FR15", 10, 60_000)]);
    let method = by_points(Fen::from_yuan(100_000), Covers::AllCost);
    let setting = Setting { tariff: &tariff, coefficients: &coefficients, levels: &levels, method };
    // 100,000 + 45,000 + 30,000 = 175,000 by 1,000 points each: 87,500, less 45,000 and 30,000.
    let paid = pay(&cases, &setting).unwrap();
    assert_eq!(pays(&paid), [4_250_000, 5_750_000]);
    assert_eq!(paid.total(), Fen::from_yuan(100_000));
}

#[test]
fn a_rate_pays_each_case_and_standards_pay_by_level() {
    let mut basic = Group::new(code("FR15"), "", Pricing::Weight("0.5".parse().unwrap()));
    basic.is_basic = true;
    let mut fr13 = Group::new(code("FR13"), "", Pricing::Weight("1.2345".parse().unwrap()));
    let third = Level::try_from(3).unwrap();
    fr13.standards = vec![(Scope { level: Some(third), ..Scope::default() }, Fen::new(123_456))];
    let tariff = Tariff::new([basic, fr13]).unwrap();
    let mut coefficients = Coefficients::default();
    coefficients.set_general(hospital(1), "1.1".parse().unwrap());
    let levels = [(hospital(1), third)].into();
    let cases = cases(&[(1, "FR13", 3, 900), (1, "FR15", 10, 600)]);
    let rate = Fen::from_yuan(7_782).try_into().unwrap();
    let setting = |method| Setting { tariff: &tariff, coefficients: &coefficients, levels: &levels, method };
    // 1.2345 × 1.1 × 778,200 = 1,056,756.69 fen; a basic group has no coefficient: 0.5 × 778,200.
    let paid = pay(&cases, &setting(Method::Rate { rate })).unwrap();
    assert_eq!(pays(&paid), [3 * 1_056_757 + 10 * 389_100]);
    let tree = derive_pay(&cases, &setting(Method::Rate { rate }), &paid, &hospital(1)).unwrap();
    assert_eq!((tree.re_evaluate().unwrap(), tree.amount()), (tree.value.clone(), Fen::new(7_061_271)));
    assert_eq!(tree.find("pay_of_FR15_fen").map(|node| node.amount()), Some(Fen::new(3_891_000)));
    let paid = pay(&cases, &setting(Method::Standards)).unwrap();
    assert_eq!((pays(&paid), paid.institutions[&hospital(1)].outside.n_cases), (vec![3 * 123_456], 10));
}

/// Whom a value is for.
fn scope(named: Option<usize>, line: Option<&str>) -> Scope {
    Scope {
        institutions: named.map(|number| hospital(number).to_string()).into_iter().collect(),
        fund_line: line.map(|line| line.parse().unwrap()),
        ..Scope::default()
    }
}

/// One case of FR13 a line: hospitals 1 and 2, each with an employee, a resident and one of an unknown line.
fn cases_of_lines() -> (Totals, CaseCosts) {
    let (mut totals, mut costs) = (Totals::default(), CaseCosts::default());
    for (number, line) in [1, 2].into_iter().flat_map(|n| ["employee", "resident", ""].map(|line| (n, line)))
    {
        let case = CostedCase {
            institution: hospital(number),
            fund_line: line.parse().ok(),
            group: code("FR13"),
            cost: Fen::from_yuan(7_000).try_into().unwrap(),
            fund_paid: Fen::from_yuan(3_500),
            n_days: 5,
            has_died: false,
        };
        totals.add(&case);
        costs.add(&case);
    }
    (totals, costs)
}

#[test]
fn a_named_hospital_and_a_fund_line_are_paid_by_their_own_standards_and_coefficients() {
    let mut group = Group::new(code("FR13"), "", Pricing::Weight("1".parse().unwrap()));
    group.standards = vec![
        (scope(None, None), Fen::new(1_000)),
        (scope(None, Some("resident")), Fen::new(800)),
        (scope(Some(2), None), Fen::new(2_000)),
        (scope(Some(2), Some("employee")), Fen::new(3_000)),
    ];
    group.coefficients = vec![
        (scope(Some(2), None), "1.5".parse().unwrap()),
        (scope(None, Some("resident")), "0.5".parse().unwrap()),
    ];
    let tariff = Tariff::new([group]).unwrap();
    let mut coefficients = Coefficients::default();
    coefficients.set_general(hospital(1), "1.2".parse().unwrap());
    coefficients.set_general(hospital(2), "9".parse().unwrap());
    let (levels, (totals, costs)) = (BTreeMap::new(), cases_of_lines());
    let setting = |method| Setting { tariff: &tariff, coefficients: &coefficients, levels: &levels, method };
    let bands = Bands::default();
    for cases in [Cases::from(&totals), Cases::by_cost(&totals, &costs, &bands)] {
        let standards = setting(Method::Standards);
        let paid = pay(cases, &standards).unwrap();
        assert_eq!(pays(&paid), [1_000 + 800 + 1_000, 3_000 + 2_000 + 2_000]);
        let tree = derive_pay(cases, &standards, &paid, &hospital(2)).unwrap();
        assert_eq!((tree.re_evaluate().unwrap(), tree.amount()), (tree.value.clone(), Fen::new(7_000)));
        assert_eq!(tree.find("pay_of_FR13_employee_fen").map(Node::amount), Some(Fen::new(3_000)));
        // The group's own coefficients come before those of its institutions.
        let by_rate = setting(Method::Rate { rate: Fen::new(1_000).try_into().unwrap() });
        let paid = pay(cases, &by_rate).unwrap();
        assert_eq!(pays(&paid), [1_200 + 500 + 1_200, 3 * 1_500]);
        // 290 and 450 points.
        let by_points = setting(by_points(Fen::new(7_400), Covers::FundPart));
        let paid = pay(cases, &by_points).unwrap();
        assert_eq!(pays(&paid), [2_900, 4_500]);
        let adrgs = by_adrg(cases, &hospital(1), (&by_points, &paid), (&standards, &paid)).unwrap();
        assert_eq!(adrgs.len(), 1);
    }
}

#[test]
fn cases_of_a_fund_line_without_a_standard_are_paid_beside() {
    let mut group = Group::new(code("FR13"), "", Pricing::Review);
    group.standards = vec![(scope(None, Some("employee")), Fen::new(1_000))];
    let (tariff, coefficients) = (Tariff::new([group]).unwrap(), Coefficients::default());
    let (levels, (totals, _)) = (BTreeMap::new(), cases_of_lines());
    let setting =
        Setting { tariff: &tariff, coefficients: &coefficients, levels: &levels, method: Method::Standards };
    let paid = pay(&totals, &setting).unwrap();
    let one = &paid.institutions[&hospital(1)];
    assert_eq!((one.pay, one.priced.n_cases, one.outside.n_cases), (Fen::new(1_000), 1, 2));
}

#[test]
fn the_difference_of_two_settings_is_told_by_institution_and_adrg() {
    let [old, new] = [tariff(&[("FR13", "2"), ("FR15", "1")]), tariff(&[("FR13", "3"), ("FR15", "1")])];
    let cases = cases(&[(1, "FR13", 5, 90_000), (1, "FR15", 5, 30_000), (2, "FR15", 10, 60_000)]);
    let (coefficients, levels) = (Coefficients::default(), BTreeMap::new());
    let method = by_points(Fen::from_yuan(10_000), Covers::FundPart);
    let [old, new] =
        [&old, &new].map(|tariff| Setting { tariff, coefficients: &coefficients, levels: &levels, method });
    let [before, after] = [&old, &new].map(|setting| pay(&cases, setting).unwrap());
    // 1,500 of 2,500 points, then 2,000 of 3,000.
    let changes: Vec<i64> = differences(&before, &after).iter().map(|d| d.change().get()).collect();
    assert_eq!(changes, [66_667, -66_667]);
    let adrgs = by_adrg(&cases, &hospital(1), (&old, &before), (&new, &after)).unwrap();
    assert_eq!(
        adrgs,
        [AdrgDifference { adrg: "FR1".to_owned(), before: Fen::new(600_000), after: Fen::new(666_667) }]
    );
}

/// Three cases of FR13 for 1,000, 2,000 and 21,000 yuan at hospital 1, one for 6,000 at hospital 2: the mean is 7,500.
fn far_from_the_mean() -> (Totals, CaseCosts) {
    let (mut totals, mut costs) = (Totals::default(), CaseCosts::default());
    for (number, yuan) in [(1, 1_000), (1, 2_000), (1, 21_000), (2, 6_000)] {
        let case = CostedCase {
            institution: hospital(number),
            fund_line: None,
            group: code("FR13"),
            cost: Fen::from_yuan(yuan).try_into().unwrap(),
            fund_paid: Fen::from_yuan(yuan / 2),
            n_days: 5,
            has_died: false,
        };
        totals.add(&case);
        costs.add(&case);
    }
    (totals, costs)
}

#[test]
fn cases_far_from_the_mean_are_paid_by_their_cost() {
    let (totals, costs) = far_from_the_mean();
    let tariff = tariff(&[("FR13", "1.5")]);
    let (coefficients, levels) = (Coefficients::default(), BTreeMap::new());
    let limit = HighLimit { from_weight: None, limit: "2".parse().unwrap() };
    let bands = Bands { high: vec![limit], high_share: "0.5".parse().unwrap(), ..Bands::default() };
    let cases = Cases::by_cost(&totals, &costs, &bands);
    let rate = Fen::from_yuan(6_000).try_into().unwrap();
    let setting = |method| Setting { tariff: &tariff, coefficients: &coefficients, levels: &levels, method };
    // A case pays 9,000. 1,000 and 2,000 lie below 0.4 × 7,500 and pay 9,000 × 1,000 ÷ 7,500 and twice that; 21,000 is
    // 2.8 times the mean: 9,000 + 0.8 × 9,000 × 0.5.
    let by_rate = setting(Method::Rate { rate });
    let paid = pay(cases, &by_rate).unwrap();
    assert_eq!(pays(&paid), [120_000 + 240_000 + 1_260_000, 900_000]);
    let one = &paid.institutions[&hospital(1)];
    assert_eq!((one.n_high, one.n_low, one.priced.n_cases), (1, 2, 3));
    let tree = derive_pay(cases, &by_rate, &paid, &hospital(1)).unwrap();
    assert_eq!((tree.re_evaluate().unwrap(), tree.amount()), (tree.value.clone(), Fen::new(1_620_000)));
    assert_eq!(tree.find("high_pay_of_FR13_fen").map(Node::amount), Some(Fen::new(1_260_000)));
    // In points: 20 + 40 + 210 beside 150.
    let by_points = setting(by_points(Fen::from_yuan(420), Covers::FundPart));
    let paid = pay(cases, &by_points).unwrap();
    assert_eq!(pays(&paid), [27_000, 15_000]);
    let adrgs = by_adrg(cases, &hospital(1), (&by_points, &paid), (&by_rate, &paid)).unwrap();
    assert_eq!((adrgs.len(), adrgs[0].before), (1, Fen::new(27_000)));
    // Each as a normal one: 3 and 1.
    assert_eq!(pays(&pay(&totals, &by_rate).unwrap()), [2_700_000, 900_000]);
}

#[test]
fn a_standard_in_money_holds_within_the_bands_also_where_the_group_has_no_weight() {
    let (totals, costs) = far_from_the_mean();
    let mut group = Group::new(code("FR13"), "", Pricing::Review);
    group.standards = vec![(Scope::default(), Fen::from_yuan(7_500))];
    let tariff = Tariff::new([group]).unwrap();
    let (coefficients, levels) = (Coefficients::default(), BTreeMap::new());
    let setting =
        Setting { tariff: &tariff, coefficients: &coefficients, levels: &levels, method: Method::Standards };
    // 21,000 is 2.8 times the mean: within 3.
    let paid = pay(Cases::by_cost(&totals, &costs, &Bands::default()), &setting).unwrap();
    assert_eq!(pays(&paid), [100_000 + 200_000 + 750_000, 750_000]);
}

#[test]
fn nothing_is_shared_where_no_case_has_points() {
    let (tariff, coefficients, levels) = (tariff(&[]), Coefficients::default(), BTreeMap::new());
    let method = by_points(Fen::new(1), Covers::FundPart);
    let setting = Setting { tariff: &tariff, coefficients: &coefficients, levels: &levels, method };
    assert!(pay(&cases(&[(1, "WB19", 1, 1)]), &setting).is_err());
}

proptest! {
    #[test]
    fn the_budget_is_paid_to_the_fen_and_an_institutions_adrgs_add_up_to_its_pay(
        drawn in prop::collection::vec((1..6_usize, 0..4_usize, 1..1_000_u64, 2..1_000_000_i64), 1..20),
        budget in 0..1_000_000_000_000_i64,
        covers_all in any::<bool>(),
    ) {
        let names = ["FR13", "FR15", "GZ15", "KQY"];
        let drawn: Vec<_> = drawn.into_iter().map(|(h, g, n, yuan)| (h, names[g], n, yuan)).collect();
        let cases = cases(&drawn);
        let tariff = tariff(&[("FR13", "2.3456"), ("FR15", "1.0001"), ("GZ15", "0.3333"), ("KQY", "0.7")]);
        let (coefficients, levels) = (Coefficients::default(), BTreeMap::new());
        let covers = if covers_all { Covers::AllCost } else { Covers::FundPart };
        let method = by_points(Fen::new(budget), covers);
        let setting = Setting { tariff: &tariff, coefficients: &coefficients, levels: &levels, method };
        let paid = pay(&cases, &setting).unwrap();
        prop_assert_eq!(paid.total(), Fen::new(budget));
        prop_assert!(differences(&paid, &paid).iter().all(|difference| difference.change() == Fen::ZERO));
        for (institution, own) in &paid.institutions {
            let adrgs = by_adrg(&cases, institution, (&setting, &paid), (&setting, &paid)).unwrap();
            prop_assert_eq!(adrgs.iter().map(|adrg| adrg.after).sum::<Fen>(), own.pay);
            let tree = derive_pay(&cases, &setting, &paid, institution).unwrap();
            prop_assert_eq!(tree.re_evaluate().unwrap(), own.pay.into());
        }
        let value = paid.point_value.unwrap();
        prop_assert_eq!(value.re_evaluate().unwrap(), value.value.clone());
        prop_assert!(!value.value.is_negative());
    }
}

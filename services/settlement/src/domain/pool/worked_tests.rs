//! The numbers of Panzhihua's notice and its pack's defaults, worked by hand and named by clause.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use medfund_money::{Fen, Points};
use medfund_policy::{KindOfCare, Pack};
use medfund_tariff::case_points::Kind;
use medfund_tariff::coefficient::Coefficients;
use medfund_tariff::share::{Covers, Member};
use medfund_tariff::{Group, Pricing, PublishedTariff, Tariff};
use medfund_types::{FundLine, InstitutionCode};
use proptest::prelude::*;

use super::*;
use crate::domain::clearing::ClearingRules;
use crate::domain::in_force::InForce;
use crate::domain::refusal::Refusal;
use crate::domain::rules;

fn rules() -> PoolRules {
    let pack = Pack::parse(include_bytes!("../../../../../policies/panzhihua-2018.toml")).unwrap();
    pool_rules(pack.rules(&"employee".parse().unwrap()).unwrap()).unwrap().unwrap()
}

fn hospital(n: usize) -> InstitutionCode {
    format!("H5104000000{n}").parse().unwrap()
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2018, month, day).unwrap()
}

/// Groups of 1 and 2.5 times the mean of 8,000 yuan, one that is reviewed; hospital 1 has the coefficient 1.1.
fn tariffs() -> InForce<Arc<PublishedTariff>> {
    let group = |code: &str, pricing| Group::new(code.parse().unwrap(), "", pricing);
    let weight = |text: &str| Pricing::Weight(text.parse().unwrap());
    let groups = [
        group("ES15", weight("1")),
        group("GB13", weight("2.5")),
        group("AH19", Pricing::Review),
        Group { is_basic: true, ..group("GE19", weight("1")) },
    ];
    let mut coefficients = Coefficients::default();
    coefficients.set_general(hospital(1), "1.1".parse().unwrap());
    coefficients.set_general(hospital(3), "9".parse().unwrap());
    let tariff = PublishedTariff {
        area: "510400".parse().unwrap(),
        fund_year: 2018.try_into().unwrap(),
        scheme_hash: "ab".repeat(32),
        base_points: "100".parse().unwrap(),
        groups: Tariff::new(groups).unwrap(),
        levels: BTreeMap::new(),
        coefficients,
        mean_cost: Some(Fen::from_yuan(8_000).try_into().unwrap()),
    };
    InForce::new(vec![(day(1, 1), Arc::new(tariff))])
}

/// A complete stay of ten days from the 1st of a month on.
fn case(at: usize, group: &str, yuan: i64, month: u32) -> DrgCase {
    DrgCase {
        institution: hospital(at),
        setl_id: String::new(),
        person: "P1".to_owned(),
        admission: format!("{at}-{group}-{yuan}-{month}"),
        admitted: day(month, 1),
        discharged: day(month, 11),
        dscg_way: "1".to_owned(),
        group: group.parse().unwrap(),
        cost: Fen::from_yuan(yuan),
        fund: Fen::from_yuan(yuan * 7 / 10),
        personal: Fen::from_yuan(yuan * 3 / 10),
        reviewed_cost: None,
    }
}

fn employee() -> FundLine {
    "employee".parse().unwrap()
}

fn points(cases: &[DrgCase]) -> Vec<(Kind, i64)> {
    let made = points_of(&employee(), cases, &tariffs(), &rules()).unwrap();
    assert!(made.iter().all(|one| one.made.derivation.re_evaluate().is_ok()));
    made.into_iter().map(|one| (one.made.kind, one.made.points.get())).collect()
}

#[test]
fn pzh_4_2_1_a_complete_stay_has_its_group_s_points_times_the_hospital_s_coefficient() {
    let cases = [case(1, "GB13", 20_000, 1), case(2, "GB13", 20_000, 1), case(1, "GE19", 8_000, 1)];
    // 250 × 1.1, 250 × 1; a basic group pays every hospital the same.
    let expected = [2_750_000, 2_500_000, 1_000_000].map(|units| (Kind::Normal, units));
    assert_eq!(points(&cases), expected);
    // 9 is clamped to 1.6279.
    assert_eq!(points(&[case(3, "ES15", 8_000, 1)]), [(Kind::Normal, 1_627_900)]);
}

#[test]
fn pzh_4_2_2_low_high_incomplete_and_ungrouped_cases_by_the_pack_s_defaults() {
    // The mean of ES15 is 8,000: 0.4 of it are 3,200, three times it 24,000.
    assert_eq!(points(&[case(2, "ES15", 3_199, 1)]), [(Kind::Low, 399_875)]);
    assert_eq!(points(&[case(2, "ES15", 3_200, 1)]), [(Kind::Normal, 1_000_000)]);
    assert_eq!(points(&[case(2, "ES15", 24_000, 1)]), [(Kind::Normal, 1_000_000)]);
    // 100 + (4 − 3) × 100.
    assert_eq!(points(&[case(2, "ES15", 32_000, 1)]), [(Kind::High, 2_000_000)]);
    let left = DrgCase { dscg_way: "4".to_owned(), ..case(1, "ES15", 6_000, 1) };
    assert_eq!(points(&[left]), [(Kind::Incomplete, 750_000)]);
    // In no group, ambiguous, or without weight: 4,000 of 8,000 are half a mean case, 80,000 a whole one.
    for group in ["0000", "EQY", "AH19", "ZZ19"] {
        assert_eq!(points(&[case(1, group, 4_000, 1)]), [(Kind::Ungrouped, 500_000)], "{group}");
        assert_eq!(points(&[case(1, group, 80_000, 1)]), [(Kind::Ungrouped, 1_000_000)], "{group}");
    }
}

#[test]
fn a_case_whose_review_was_granted_counts_by_its_justified_cost() {
    let reviewed = |yuan: i64, case: DrgCase| {
        let reviewed_cost = Some(Fen::from_yuan(yuan).try_into().unwrap());
        DrgCase { reviewed_cost, ..case }
    };
    // 100 × 60,000 / 8,000, whatever its group and its hospital's coefficient.
    assert_eq!(points(&[reviewed(60_000, case(1, "GB13", 90_000, 1))]), [(Kind::Reviewed, 7_500_000)]);
    assert_eq!(points(&[reviewed(60_000, case(1, "0000", 90_000, 1))]), [(Kind::Reviewed, 7_500_000)]);
    let back = DrgCase {
        admission: "again".to_owned(),
        admitted: day(1, 15),
        discharged: day(1, 20),
        ..case(2, "ES15", 8_000, 1)
    };
    let first = reviewed(60_000, case(2, "ES15", 90_000, 1));
    assert_eq!(points(&[first, back])[0], (Kind::Reviewed, 3_750_000));
}

#[test]
fn pzh_4_2_2_who_comes_back_in_ten_days_halves_the_stay_before() {
    let back = |from: u32, to: u32| DrgCase {
        admission: "again".to_owned(),
        admitted: day(1, from),
        discharged: day(1, to),
        ..case(2, "ES15", 8_000, 1)
    };
    let first = case(2, "ES15", 8_000, 1);
    assert_eq!(points(&[first.clone(), back(21, 28)])[0], (Kind::Normal, 500_000));
    assert_eq!(points(&[first.clone(), back(22, 28)])[0], (Kind::Normal, 1_000_000));
    // Two bills of one admission are one stay.
    let second = DrgCase { admission: first.admission.clone(), ..back(11, 20) };
    assert_eq!(points(&[first.clone(), second]), [(Kind::Normal, 1_000_000); 2]);
    let elsewhere = DrgCase { institution: hospital(3), ..back(12, 15) };
    assert_eq!(points(&[first, elsewhere])[0], (Kind::Normal, 1_000_000));
}

prop_compose! {
    fn any_case()(
        at in 1..4_usize,
        group in prop::sample::select(vec!["ES15", "GB13", "AH19", "GE19", "0000", "EQY"]),
        yuan in prop_oneof![3_000..3_400_i64, 6_000..10_000_i64, 23_500..24_500_i64, 0..200_000_i64],
        dscg_way in prop::sample::select(vec!["1", "1", "1", "4"]),
        (person, admission) in (0..4_u32, 0..8_u32),
        first in 1..25_u32,
        reviewed in prop::option::weighted(0.1, 1..90_000_i64),
    ) -> DrgCase {
        DrgCase {
            person: format!("P{person}"),
            admission: format!("{person}-{admission}"),
            admitted: day(1, first),
            discharged: day(1, first + 3),
            dscg_way: dscg_way.to_owned(),
            reviewed_cost: reviewed.map(|yuan| Fen::from_yuan(yuan).try_into().unwrap()),
            ..case(at, group, yuan, 1)
        }
    }
}

proptest! {
    #[test]
    fn cases_add_up_to_what_their_trees_say_of_each(cases in prop::collection::vec(any_case(), 0..60)) {
        let added = add_up(&employee(), &cases, &tariffs(), &rules()).unwrap();
        let mut expected: BTreeMap<InstitutionCode, Pointed> = BTreeMap::new();
        for (case, (kind, points)) in cases.iter().zip(points(&cases)) {
            let own = expected.entry(case.institution.clone()).or_default();
            own.member.points = Points::new(own.member.points.get() + points);
            own.member.personal += case.personal;
            own.fund += case.fund;
            *own.n_by_kind.entry(kind).or_default() += 1;
        }
        prop_assert_eq!(added, expected);
    }
}

#[test]
fn a_case_of_a_day_without_tariff_has_no_points() {
    let before = DrgCase {
        admitted: NaiveDate::from_ymd_opt(2017, 12, 20).unwrap(),
        discharged: NaiveDate::from_ymd_opt(2017, 12, 31).unwrap(),
        ..case(1, "ES15", 8_000, 1)
    };
    let day = before.discharged;
    let before = [before];
    assert_eq!(points_of(&employee(), &before, &tariffs(), &rules()), Err(NoTariff(day)));
    assert_eq!(add_up(&employee(), &before, &tariffs(), &rules()), Err(NoTariff(day)));
}

fn member(units: i64, yuan: i64) -> Pointed {
    let member = Member { points: Points::new(units), personal: Fen::from_yuan(yuan) };
    Pointed { member, ..Pointed::default() }
}

fn members(of: &[(i64, i64)]) -> BTreeMap<InstitutionCode, Pointed> {
    (1..).map(hospital).zip(of.iter().map(|&(units, yuan)| member(units, yuan))).collect()
}

#[test]
fn pzh_4_2_3_a_month_pays_the_budget_s_progress_less_what_is_paid_ahead() {
    // Of 12,000,000 the two instalments are a fifth; nine tenths of the rest are 8,640,000, 720,000 a month.
    let rules = rules();
    let budget = |place| month_budget(Fen::from_yuan(12_000_000), &rules, place);
    assert!((1..=12).all(|place| budget(place).amount() == Fen::from_yuan(720_000)));
    assert!(budget(7).re_evaluate().is_ok());
    // 720,000 and 480,000 of the patients are worth 1,200,000: 800 a point of 1,500.
    let members = members(&[(10_000_000, 300_000), (5_000_000, 180_000)]);
    let paid = share_month(&budget(1), &members, &rules).unwrap();
    let amounts: Vec<Fen> = paid.values().map(medfund_money::Node::amount).collect();
    assert_eq!(amounts, [500_000, 220_000].map(Fen::from_yuan));
    assert!(paid.values().all(|tree| tree.re_evaluate().is_ok()));
}

#[test]
fn a_month_takes_nothing_back_and_pays_nothing_without_points() {
    let rules = rules();
    let budget = month_budget(Fen::from_yuan(1_200), &rules, 1);
    let costly = share_month(&budget, &members(&[(1, 9_000), (9, 0)]), &rules).unwrap();
    assert_eq!(costly[&hospital(1)].amount(), Fen::ZERO);
    let none = share_month(&budget, &members(&[(0, 0)]), &rules).unwrap();
    assert_eq!(none[&hospital(1)].amount(), Fen::ZERO);
}

#[test]
fn what_the_quota_s_care_could_not_bear_of_refusals_is_taken_from_the_pool_s() {
    let budget = month_budget(Fen::from_yuan(12_000), &rules(), 1);
    let method = share_month(&budget, &members(&[(1, 0)]), &rules()).unwrap().remove(&hospital(1)).unwrap();
    let by_points = Some((member(1, 0), method));
    let month = PooledMonth { kind_of_care: KindOfCare::Inpatient, by_points, priced: None };
    let refusal = Refusal { inspection: "areas/510400/inspections/1".into(), refused: Fen::from_yuan(700) };
    let (kept, payable, carried) = settle_pool(&month, &[refusal], Fen::from_yuan(100));
    // 720 against 800.
    assert_eq!((kept.refused, kept.payable), (Fen::from_yuan(720), Fen::ZERO));
    assert_eq!((payable.amount(), carried), (Fen::ZERO, Fen::from_yuan(80)));
}

fn pool(yuan: i64, adjustment_yuan: i64) -> Pool {
    Pool {
        kind_of_care: KindOfCare::Inpatient,
        amount: Fen::from_yuan(yuan),
        adjustment: Fen::from_yuan(adjustment_yuan),
        covers: rules().covers,
    }
}

fn clearing() -> ClearingRules {
    let pack = Pack::parse(include_bytes!("../../../../../policies/panzhihua-2018.toml")).unwrap();
    rules::clearing(pack.rules(&"employee".parse().unwrap()).unwrap())
}

fn years(of: &[(i64, i64)]) -> BTreeMap<InstitutionCode, PooledYear> {
    let year = |(code, pointed)| (code, PooledYear { pointed, ..PooledYear::default() });
    members(of).into_iter().map(year).collect()
}

#[test]
fn pzh_4_2_2_the_value_of_a_point_is_the_budget_and_the_personal_parts_by_all_points() {
    // 11,400,000 and 600,000 kept for adjustment; patients paid 6,000,000: 18,000,000 by 30,000 points are 600 each.
    assert_eq!(rules().covers, Covers::AllCost);
    let years = years(&[(200_000_000, 4_500_000), (100_000_000, 1_500_000)]);
    let (totals, shares) = share_year(&pool(11_400_000, 600_000), &years, &clearing()).unwrap();
    assert_eq!((totals.shared, totals.points), (Fen::from_yuan(18_000_000), 300_000_000));
    let pays: Vec<Fen> = shares.values().map(|share| share.pay.amount()).collect();
    // 20,000 × 600 − 4,500,000 and 10,000 × 600 − 1,500,000: the budget to the fen.
    assert_eq!(pays, [7_500_000, 4_500_000].map(Fen::from_yuan));
    let outcomes: Vec<PoolOutcome> = shares.values().map(|share| share.outcome(Fen::ZERO)).collect();
    let after = totals.after(outcomes.iter());
    assert_eq!((after.returned, after.adjustment_returned), (Fen::ZERO, Fen::ZERO));
}

#[test]
fn what_is_priced_is_no_part_of_what_points_share() {
    let mut years = years(&[(0, 0), (10_000, 0)]);
    years.get_mut(&hospital(1)).unwrap().priced = Fen::from_yuan(400);
    let (totals, shares) = share_year(&pool(1_000, 50), &years, &clearing()).unwrap();
    let pays: Vec<Fen> = shares.values().map(|share| share.pay.amount()).collect();
    assert_eq!((pays, totals.shared), ([400, 650].map(Fen::from_yuan).to_vec(), Fen::from_yuan(650)));
    // Who went from a rate to points is paid by both.
    years.get_mut(&hospital(2)).unwrap().priced = Fen::from_yuan(100);
    let (_, shares) = share_year(&pool(1_000, 50), &years, &clearing()).unwrap();
    assert_eq!(shares[&hospital(2)].pay.amount(), Fen::from_yuan(100 + 550));
}

#[test]
fn a_pool_without_points_is_given_back() {
    let (totals, shares) = share_year(&pool(1_000, 50), &years(&[(0, 0)]), &clearing()).unwrap();
    assert_eq!(shares[&hospital(1)].pay.amount(), Fen::ZERO);
    let after = totals.after([shares[&hospital(1)].outcome(Fen::ZERO)].iter());
    assert_eq!((after.returned, after.adjustment_returned), (Fen::from_yuan(1_000), Fen::from_yuan(50)));
}

proptest! {
    #[test]
    fn what_institutions_receive_and_what_is_given_back_is_the_pool(
        amount in 0..1_000_000_000_000_i64,
        adjustment in 0..1_000_000_000_i64,
        of in prop::collection::vec((0..1_000_000_000_i64, 0..10_000_000_i64), 1..20),
        priced in prop::collection::vec(0..200_000_000_000_i64, 1..20),
        has_points in any::<bool>(),
        refused in 0..1_000_000_i64,
        deducted in 0..1_000_000_i64,
    ) {
        let pool = Pool { amount: Fen::new(amount), adjustment: Fen::new(adjustment), ..pool(0, 0) };
        let mut years = if has_points { years(&of) } else { years(&vec![(0, 0); of.len()]) };
        for (year, fen) in years.values_mut().zip(priced) {
            year.priced = Fen::new(fen);
        }
        years.get_mut(&hospital(1)).unwrap().refused = Fen::new(refused);
        let (totals, shares) = share_year(&pool, &years, &clearing()).unwrap();
        let outcomes: Vec<PoolOutcome> = shares.values().map(|share| share.outcome(Fen::new(deducted))).collect();
        let after = totals.after(outcomes.iter());
        let received: Fen = outcomes.iter().map(|one| one.final_amount).sum();
        prop_assert_eq!(received + after.returned + after.adjustment_returned, pool.amount + pool.adjustment);
        prop_assert!(shares.values().all(|share| share.after_refusals().re_evaluate().is_ok()));
    }

    #[test]
    fn twelve_months_and_the_instalments_never_exceed_the_pool(fen in 0..1_000_000_000_000_i64) {
        let rules = rules();
        let months: Fen = (1..=12).map(|place| month_budget(Fen::new(fen), &rules, place).amount()).sum();
        let ahead: Fen = rules.instalments.iter().map(|(_, rate)| Fen::round_half_up(rate.value.of(Fen::new(fen)))).sum();
        prop_assert!(months + ahead <= Fen::new(fen) + Fen::new(2));
    }
}

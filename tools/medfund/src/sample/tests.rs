use std::collections::{BTreeMap, BTreeSet};

use medfund_policy::KindOfCare;
use medfund_proto::types::v1::PaymentMethod;
use medfund_types::SettlementMonth;
use rust_decimal::Decimal;

use super::bills::SampleBill;
use super::profile::{CareProfile, FactorProfile, IndicatorProfile, LineProfile, StandardsProfile};
use super::region::{Standard, Term};
use super::{Crowd, Options, Profile, Region, Size, generate, inspections};

const METHODS: [PaymentMethod; 7] = [
    PaymentMethod::AverageQuota,
    PaymentMethod::ByDisease,
    PaymentMethod::PerCapita,
    PaymentMethod::DailyCap,
    PaymentMethod::ServiceUnit,
    PaymentMethod::TotalPrepayment,
    PaymentMethod::BedDay,
];

fn profile() -> Profile {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let line = |id: &str, insutype: &str| LineProfile {
        id: id.parse().unwrap(),
        insutype: insutype.to_owned(),
        deductions: words("prepaid away critical chronic clinic account"),
        care: vec![CareProfile {
            kind: KindOfCare::Inpatient,
            med_type: "21".to_owned(),
            methods: METHODS.to_vec(),
            pooled: false,
        }],
    };
    let factor =
        |id: &str| FactorProfile { id: id.to_owned(), low: Decimal::new(90, 2), high: Decimal::new(110, 2) };
    Profile {
        area: "999900".parse().unwrap(),
        fund_year: 2017.try_into().unwrap(),
        lines: vec![line("first", "310"), line("second", "390")],
        factors: vec![factor("volume"), factor("tasks")],
        methods: METHODS.to_vec(),
        districts_choose: true,
        standards: StandardsProfile {
            bed_day_services: words("long hospice"),
            covers_whole_stay: true,
            periodic_care: vec![KindOfCare::Inpatient],
            ..StandardsProfile::default()
        },
        grades: words("a b c"),
        management_grades: Vec::new(),
        tables: Vec::new(),
        indicators: vec![
            IndicatorProfile {
                id: "visits_per_head".to_owned(),
                is_most: true,
                is_count: false,
                limit: Some(Decimal::new(130, 2)),
            },
            IndicatorProfile {
                id: "sickbeds".to_owned(),
                is_most: false,
                is_count: true,
                limit: Some(Decimal::ZERO),
            },
        ],
        surplus_rate: Some((Decimal::new(10, 2), Decimal::new(3, 2))),
        reserve_planned_rate: Decimal::new(10, 2),
        primary_care_raise: Some((Decimal::ONE, Decimal::new(150, 2))),
        forecast_range: (Decimal::new(80, 2), Decimal::new(130, 2)),
        fourth_quarter_tolerance: Some(Decimal::new(15, 2)),
        least_sampling_rate: Decimal::new(1, 2),
        adjustment_reasons: words("grown closed"),
        violation_kinds: words("split repeated charged"),
        year_weights: vec![Decimal::new(1, 1), Decimal::new(2, 1), Decimal::new(7, 1)],
        reserve_max_rate: Decimal::new(15, 2),
        primary_floor_rate: Decimal::new(25, 2),
        advance_months_max: 2,
        drg_share: None,
        inpatient_med_type: "21".to_owned(),
        outpatient_med_types: words("11 14"),
    }
}

fn region(size: Size, seed: u64) -> Region {
    generate(&profile(), size, seed, &Options::default())
}

fn all_bills(region: &Region) -> Vec<SampleBill> {
    let plans = region.histories.iter();
    plans.flat_map(|h| region.bills(&h.institution, &h.fund_line)).collect()
}

#[test]
fn the_same_seed_gives_the_same_region_and_bills_and_another_seed_others() {
    let text = |seed| {
        let region = region(Size::Small, seed);
        format!("{region:?}{:?}", all_bills(&region))
    };
    assert_eq!(text(1), text(1));
    assert_ne!(text(1), text(2));
}

#[test]
fn a_small_region_has_every_level_and_class_and_a_few_thousand_bills() {
    for seed in 1..=6 {
        let region = region(Size::Small, seed);
        let levels: BTreeSet<i32> = region.institutions.iter().map(|i| i.level).collect();
        let bills = all_bills(&region).len();
        assert_eq!(region.districts.len(), 1);
        assert!((8..=12).contains(&region.institutions.len()));
        assert_eq!(levels.len(), 4);
        assert!(
            region.institutions.iter().any(|i| i.primary) && region.institutions.iter().any(|i| !i.primary)
        );
        assert!((2_000..12_000).contains(&bills), "{bills} bills");
    }
}

#[test]
fn what_a_bill_costs_is_what_fund_account_and_person_pay() {
    for bill in all_bills(&region(Size::Small, 3)) {
        assert_eq!(
            bill.medfee_sumamt_fen,
            bill.hifp_pay_fen + bill.acct_pay_fen + bill.psn_cash_pay_fen,
            "{bill:?}"
        );
        assert!(bill.hifp_pay_fen >= 0 && bill.acct_pay_fen >= 0 && bill.psn_cash_pay_fen >= 0, "{bill:?}");
        assert!(bill.hifp_pay_fen <= bill.inscp_scp_amt_fen, "{bill:?}");
        assert!(bill.inscp_scp_amt_fen + bill.fulamt_ownpay_amt_fen <= bill.medfee_sumamt_fen, "{bill:?}");
        if bill.med_type == "21" {
            assert_eq!(bill.ipt_days, (bill.enddate - bill.begndate).num_days().max(1), "{bill:?}");
        }
        assert!(bill.begndate <= bill.enddate && bill.enddate == bill.setl_date, "{bill:?}");
    }
}

#[test]
fn settlement_ids_are_unique_in_an_institution() {
    let region = region(Size::Small, 4);
    let mut seen = BTreeSet::new();
    for bill in all_bills(&region) {
        assert!(seen.insert((bill.fixmedins_code.clone(), bill.setl_id.clone())), "{bill:?}");
    }
}

#[test]
fn a_city_uses_every_method() {
    let region = region(Size::City, 1);
    let kinds: BTreeSet<&str> = region
        .terms
        .iter()
        .map(|t| match t.standard {
            Standard::AverageQuota { .. } => "average quota",
            Standard::ByDisease { .. } => "by disease",
            Standard::PerCapita { .. } => "per capita",
            Standard::DailyCap { .. } => "daily cap",
            Standard::ServiceUnit { .. } => "service unit",
            Standard::TotalPrepayment { .. } => "total prepayment",
            Standard::BedDay { .. } => "bed-day",
            Standard::Periodic { .. } => "periodic standards",
            Standard::FeeForService => "fee for service",
            Standard::DrgPoints => "DRG points",
            Standard::DrgRate { .. } => "DRG rate",
        })
        .collect();
    assert_eq!(kinds.len(), 5, "one in each of four districts, and periodic standards beside it");
}

#[test]
fn every_kind_of_care_that_meets_the_quota_has_its_cost_and_its_term() {
    let mut profile = profile();
    profile.outpatient_med_types.clear();
    profile.districts_choose = false;
    for line in &mut profile.lines {
        for (kind, med_type) in [(KindOfCare::GeneralOutpatient, "11"), (KindOfCare::SpecialOutpatient, "14")]
        {
            let methods = vec![PaymentMethod::FeeForService];
            line.care.push(CareProfile { kind, med_type: med_type.to_owned(), methods, pooled: false });
        }
    }
    let region = generate(&profile, Size::Small, 1, &Options::default());
    for plan in region.care.iter().filter(|plan| plan.violates.is_none()) {
        let bills = region.bills(&plan.institution, &plan.fund_line);
        let own = bills.iter().filter(|bill| bill.med_type == plan.med_type);
        let cost: i64 = own.map(|bill| bill.hifp_pay_fen).sum();
        assert!((plan.cost_fen - cost).abs() <= plan.n_admissions * 2, "{plan:?} cost {cost}");
        let own = region.terms.iter().filter(|t| t.institution == plan.institution);
        let stands_alone = |t: &&Term| !matches!(t.standard, Standard::Periodic { .. });
        assert_eq!(own.filter(stands_alone).count(), 6);
    }
}

#[test]
fn budgets_leave_income_over_and_something_to_decompose() {
    for seed in 0..50 {
        for budget in region(Size::Small, seed).budgets {
            let deducted: i64 = budget.deductions.iter().map(|(_, fen)| fen).sum();
            assert!(budget.budget_fen <= budget.income_fen, "a deficit: {budget:?}");
            let reserve = budget.reserve_fen.unwrap_or(budget.budget_fen / 10);
            assert!(budget.budget_fen - deducted - reserve + budget.adjustment_fen > 0, "{budget:?}");
            assert!(reserve <= budget.largest_reserve_fen, "{budget:?}");
            assert!(budget.largest_reserve_fen * 100 <= budget.budget_fen * 15, "{budget:?}");
        }
    }
}

#[test]
fn every_district_has_something_for_an_inspection_to_find() {
    let mut found = 0;
    for seed in 0..5 {
        let region = region(Size::Small, seed);
        for history in &region.histories {
            let bills = region.bills(&history.institution, &history.fund_line);
            found += inspections(&region, &history.institution, &history.fund_line, &bills).len();
        }
    }
    assert!(found >= 8, "{found} inspections in five regions");
}

#[test]
fn a_year_has_a_winter_and_some_very_dear_cases() {
    let bills = all_bills(&region(Size::City, 2));
    let mut months: BTreeMap<_, usize> = BTreeMap::new();
    bills.iter().for_each(|b| *months.entry(b.month()).or_default() += 1);
    let counts: Vec<usize> = months.into_values().collect();
    let mean = bills.iter().map(|b| b.medfee_sumamt_fen).sum::<i64>() / i64::try_from(bills.len()).unwrap();
    assert_eq!(counts.len(), 12);
    assert!(counts[0] > counts[1] && counts[11] > counts[6]);
    assert!(bills.iter().any(|b| b.medfee_sumamt_fen > mean * 8));
}

#[test]
fn a_month_has_as_many_bills_as_are_asked_for_each_in_it_and_with_an_id_of_its_own() {
    let options = Options { crowd: Some(Crowd::new(23, 5_001)), ..Options::default() };
    let region = generate(&profile(), Size::Province, 5, &options);
    assert_eq!((region.districts.len(), region.institutions.len()), (3, 23));

    let month = SettlementMonth::from_ym(2017, 2).unwrap();
    let drawn: Vec<_> = region.month(month, 5_001).collect();

    assert_eq!(drawn.len(), 23);
    let mut ids = BTreeSet::new();
    for (institution, bills) in &drawn {
        assert!(!bills.is_empty());
        for bill in bills {
            assert_eq!((&bill.fixmedins_code, bill.month()), (institution, month));
            assert_eq!(bill.hifp_pay_fen + bill.acct_pay_fen + bill.psn_cash_pay_fen, bill.medfee_sumamt_fen);
            assert!(ids.insert((institution, &bill.setl_id)), "{} is there twice", bill.setl_id);
        }
    }
    assert_eq!(ids.len(), 5_001);
}

#[test]
fn the_largest_institution_of_a_line_has_a_fourth_quarter_just_too_crowded() {
    for size in [Size::Tiny, Size::Small] {
        let region = region(size, 1);
        let crowded: Vec<_> = region.care.iter().filter(|plan| plan.by_quarter.is_some()).collect();
        assert_eq!(crowded.len(), 2, "one for each fund line");
        for plan in crowded {
            let bills = region.bills(&plan.institution, &plan.fund_line);
            let quarters = |range: std::ops::RangeInclusive<u32>| -> i64 {
                let of = bills.iter().filter(|b| b.ipt_days > 0 && range.contains(&b.month().month()));
                i64::try_from(of.count()).unwrap()
            };
            let (first, fourth) = (quarters(1..=9), quarters(10..=12));
            let excess = Decimal::from(fourth * 3 - first) / Decimal::from(first);
            assert!(
                excess > Decimal::new(15, 2) && excess < Decimal::new(16, 2),
                "{first} and {fourth}: {excess}"
            );
        }
    }
}

#[test]
fn every_grade_is_given_and_every_indicator_kept_and_missed_by_somebody() {
    for seed in 1..=6 {
        let region = region(Size::Tiny, seed);
        let grades: BTreeSet<&str> = region.conduct.iter().map(|c| c.grade.as_str()).collect();
        assert_eq!(grades.len(), 3);
        for indicator in profile().indicators {
            let missed = region.conduct.iter().filter(|c| {
                let of = |values: &[(String, Decimal)]| {
                    values.iter().find(|(id, _)| *id == indicator.id).map(|(_, value)| *value)
                };
                let limit = of(&c.limits).or(indicator.limit).unwrap();
                let measured = of(&c.measured).unwrap();
                if indicator.is_most { measured > limit } else { measured < limit }
            });
            assert!((1..5).contains(&missed.count()), "{}", indicator.id);
        }
    }
}

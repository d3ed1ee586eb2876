use medfund_money::{Fen, Rate, Tier, Tiers};
use proptest::prelude::*;

use super::*;
use crate::domain::cited::Cited;
use crate::domain::methods::Prepaid;
use crate::domain::refusal::Refusal;

fn tiers(bands: &[(&str, &str)]) -> Cited<Tiers> {
    let tier = |(up_to, rate): &(&str, &str)| Tier {
        up_to: Some(up_to.parse().unwrap()),
        rate: rate.parse().unwrap(),
    };
    Cited::new(Tiers::new(bands.iter().map(tier).collect()).unwrap(), "default: common practice")
}

fn rules() -> ClearingRules {
    ClearingRules {
        surplus_tiers: tiers(&[("0.15", "1"), ("1", "0.5")]),
        overspend_tiers: tiers(&[("0.05", "0.7"), ("0.1", "0.5")]),
        reserve_cite: "JM 四(二)1".to_owned(),
    }
}

fn year(code: &str, standard: i64, payable: i64) -> InstitutionYear {
    InstitutionYear {
        code: format!("H4407030000{}", &code[1..]).parse().unwrap(),
        standard: Fen::new(standard),
        cost: Fen::new(payable),
        months: vec![Fen::new(payable)],
        prepaid: Prepaid::default(),
        paid: Fen::new(payable),
        working_capital: Fen::ZERO,
        clean_record: Fen::ZERO,
        advance_left: Fen::ZERO,
        monthly_left: Fen::ZERO,
        refusal_carried: Fen::ZERO,
        refusals: Vec::new(),
        deposit_due: Fen::ZERO,
        deductions: Vec::new(),
        instalments: Fen::ZERO,
        pools: Vec::new(),
    }
}

#[test]
fn a_surplus_is_kept_by_bands_and_the_rest_goes_back() {
    let plan = plan(&[year("H1", 10_000, 8_000)], &rules(), Fen::ZERO).unwrap();
    let one = &plan.institutions[0];
    assert_eq!(one.measured.surplus_kept.amount(), Fen::new(1_500 + 250));
    assert_eq!((one.final_amount.amount(), one.payment.amount()), (Fen::new(9_750), Fen::new(1_750)));
    assert_eq!(plan.quota_returned, Fen::new(250));
}

#[test]
fn a_short_reserve_is_shared_by_what_each_wants() {
    let years = [year("H1", 10_000, 10_400), year("H2", 10_000, 11_000)];
    let plan = plan(&years, &rules(), Fen::new(440)).unwrap();
    let borne: Vec<Fen> = plan.institutions.iter().map(|one| one.overspend_fund.amount()).collect();
    assert_eq!(borne, [Fen::new(140), Fen::new(300)]);
    assert_eq!(plan.institutions[1].overspend_borne.amount(), Fen::new(700));
    assert_eq!((plan.reserve_used, plan.reserve_returned), (Fen::new(440), Fen::ZERO));
}

#[test]
fn deductions_never_take_more_than_is_left() {
    let all = Cited::new(Rate::ONE, "default: no figure given");
    let mut overspent = year("H1", 100, 200);
    overspent.deductions = vec![("visits_per_head".to_owned(), all)];
    let plan = plan(&[overspent], &rules(), Fen::ZERO).unwrap();
    let one = &plan.institutions[0];
    assert_eq!(one.deductions.amount(), Fen::new(100));
    assert_eq!((one.final_amount.amount(), one.payment.amount()), (Fen::ZERO, Fen::new(-200)));
}

#[test]
fn a_refusal_that_no_month_took_is_deducted() {
    let mut refused = year("H1", 1_000, 900);
    refused.refusal_carried = Fen::new(30);
    refused.refusals =
        vec![Refusal { inspection: "areas/440700/inspections/x".to_owned(), refused: Fen::new(12) }];
    refused.deductions =
        vec![("visits_per_head".to_owned(), Cited::new("0.01".parse().unwrap(), "default: no figure given"))];
    let plan = plan(&[refused], &rules(), Fen::ZERO).unwrap();
    let one = &plan.institutions[0];
    // 900 and 100 kept, less 900 × 0.01 = 9 and 30 + 12.
    assert_eq!((one.refusals_left.amount(), one.deductions.amount()), (Fen::new(42), Fen::new(51)));
    assert_eq!((one.final_amount.amount(), plan.quota_returned), (Fen::new(949), Fen::new(51)));
}

#[test]
fn who_has_neither_quota_nor_months_gives_the_advance_and_the_deposit_back() {
    let mut gone = year("H1", 0, 0);
    (gone.advance_left, gone.monthly_left, gone.deposit_due) = (Fen::new(600), Fen::new(100), Fen::new(25));
    let plan = plan(&[gone], &rules(), Fen::ZERO).unwrap();
    let one = &plan.institutions[0];
    assert_eq!((one.final_amount.amount(), one.payment.amount()), (Fen::ZERO, Fen::ZERO));
    assert_eq!(one.order.amount(), Fen::new(-725));
}

proptest! {
    #[test]
    fn every_fen_of_quota_and_reserve_is_accounted_for(
        years in prop::collection::vec((0..1_000_000_i64, 0..1_200_000_i64, 0..200_000_i64), 1..20),
        reserve in 0..500_000_i64,
        rate in 0..=1_000_i64,
    ) {
        let rate: Rate = rust_decimal::Decimal::new(rate, 4).try_into().unwrap();
        let years: Vec<InstitutionYear> = years.iter().enumerate().map(|(n, &(standard, payable, ahead))| {
            let mut one = year(&format!("H{}", n % 10), standard, payable);
            one.working_capital = Fen::new(ahead);
            one.deductions = vec![("x".to_owned(), Cited::new(rate, "c"))];
            one
        }).collect();
        let plan = plan(&years, &rules(), Fen::new(reserve)).unwrap();

        let standards: Fen = years.iter().map(|one| one.standard).sum();
        let finals: Fen = plan.institutions.iter().map(|one| one.final_amount.amount()).sum();
        prop_assert_eq!(standards + Fen::new(reserve), finals + plan.quota_returned + plan.reserve_returned);
        prop_assert!(plan.reserve_used + plan.reserve_returned == Fen::new(reserve));
        prop_assert!(plan.quota_returned >= Fen::ZERO);
        for (year, one) in years.iter().zip(&plan.institutions) {
            prop_assert_eq!(one.final_amount.amount(), year.paid + year.working_capital + one.payment.amount());
            prop_assert!(one.final_amount.amount() >= Fen::ZERO && one.overspend_borne.amount() >= Fen::ZERO);
            prop_assert!(one.payment.re_evaluate().is_ok());
        }
    }
}

//! The numbers of Banan's notice and its pack's defaults, worked by hand and named by clause.

use medfund_money::{Fen, Node};
use medfund_policy::{Pack, Rules};

use super::month::{YearSoFar, settle};
use super::rules::{clearing, deferral, forfeited_rate};
use super::{Cited, deposit_base, deposit_forfeited};

fn with_rules<T>(act: impl FnOnce(&Rules) -> T) -> T {
    let pack = Pack::parse(include_bytes!("../../../../policies/banan-2014.toml")).unwrap();
    act(pack.rules(&"employee".parse().unwrap()).unwrap())
}

fn method(yuan: i64) -> Node {
    Node::fen("method_fen", "应付", Fen::from_yuan(yuan))
}

#[test]
fn bn_3_7_deposit_and_clearing_money_leave_the_quota_before_it_is_split_by_month() {
    // 1,200,000 less 5 % and 5 % are 1,080,000: 90,000 a month.
    with_rules(|rules| {
        let rule = deferral(rules, Fen::from_yuan(1_200_000)).unwrap().unwrap();
        assert_eq!(rule.year_cap, Fen::from_yuan(1_080_000));
        let within = settle(method(85_000), &[], YearSoFar::default(), Some(rule), 1);
        assert_eq!((within.paid, within.deferred.amount()), (Fen::from_yuan(85_000), Fen::ZERO));
    });
}

#[test]
fn bn_3_7_what_is_over_the_month_s_cap_is_deferred_and_what_january_left_is_not_carried() {
    with_rules(|rules| {
        let rule = deferral(rules, Fen::from_yuan(1_200_000)).unwrap();
        let january = YearSoFar { payable: Fen::from_yuan(85_000), ..YearSoFar::default() };
        let february = settle(method(100_000), &[], january, rule, 2);
        assert_eq!(february.paid, Fen::from_yuan(90_000));
        assert_eq!(february.deferred.amount(), Fen::from_yuan(10_000));
        assert!(february.deferred.re_evaluate().is_ok());
    });
}

#[test]
fn bn_3_8_too_little_or_too_poor_service_costs_a_part_of_the_quality_deposit() {
    // 5 % of 1,200,000 are 60,000.
    with_rules(|rules| {
        let rule = rules.deposit.as_ref().unwrap();
        let quota = Node::fen("quota_fen", "年度总额控制指标", Fen::from_yuan(1_200_000));
        let base = deposit_base(quota, &Cited::from(&rule.base_rate));
        assert_eq!(base.amount(), Fen::from_yuan(60_000));
        let reduced = |grade| {
            let rate = forfeited_rate(rule, grade).unwrap();
            deposit_forfeited(base.clone(), &rate).amount()
        };
        let grades = ["met", "volume_short", "quality_short", "both_short"];
        assert_eq!(grades.map(reduced), [0, 18_000, 30_000, 48_000].map(Fen::from_yuan));
    });
}

#[test]
fn bn_3_5_surplus_is_kept_and_overspend_shared_by_bands_of_the_quota() {
    with_rules(|rules| {
        let rules = clearing(rules);
        let quota = Fen::from_yuan(1_200_000);
        // 15 % whole and half of the next 60,000; 70 % of 60,000 and half of the next 60,000.
        let kept = rules.surplus_tiers.value.share(Fen::from_yuan(240_000), quota);
        assert_eq!(kept, Fen::from_yuan(180_000 + 30_000));
        let borne = rules.overspend_tiers.value.share(Fen::from_yuan(150_000), quota);
        assert_eq!(borne, Fen::from_yuan(42_000 + 30_000));
    });
}

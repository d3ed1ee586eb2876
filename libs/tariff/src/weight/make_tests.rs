use medfund_money::Exact;
use proptest::prelude::*;

use super::super::{Fallback, Trimming};
use super::*;

fn code(text: &str) -> GroupCode {
    text.parse().unwrap()
}

fn weight(text: &str) -> Weight {
    text.parse().unwrap()
}

/// A history of groups with the cost of each case in yuan.
fn history(groups: &[(&str, &[i64])]) -> Costs {
    let mut costs = Costs::default();
    for (group, yuan) in groups {
        costs.name(code(group));
        for y in *yuan {
            costs.add(&code(group), Fen::from_yuan(*y).try_into().unwrap());
        }
    }
    costs
}

fn weights(made: &Made) -> Vec<(&str, Option<String>, &'static str)> {
    made.groups.iter().map(|(g, m)| (g.as_str(), m.weight.map(|w| w.to_string()), m.how.zh())).collect()
}

fn own(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_weight_is_the_groups_mean_in_relation_to_the_mean_of_all() {
    // 10 cases of 4,000 and 5 of 10,000: the mean of all is 90,000 / 15 = 6,000.
    let costs = history(&[("FR15", &[4_000; 10]), ("FR13", &[10_000; 5])]);
    let made = make(costs, &Parameters::default()).unwrap();
    assert_eq!(made.mean(), Some(Fen::from_yuan(6_000)));
    // 4,000 / 6,000 = 0.66666… and 10,000 / 6,000 = 1.66666…
    assert_eq!(weights(&made), [("FR13", own("1.6667"), "本组病例"), ("FR15", own("0.6667"), "本组病例")]);
    let fr13 = &made.groups[&code("FR13")];
    assert_eq!((fr13.n_cases, fr13.n_trimmed, fr13.mean()), (5, 0, Some(Fen::from_yuan(10_000))));
    assert_eq!(fr13.derivation.as_ref().unwrap().re_evaluate().unwrap(), Exact::from(weight("1.6667")));
}

#[test]
fn a_group_with_too_few_cases_takes_the_other_severities_of_its_adrg() {
    // All: 5 × 4,000 + 5 × 8,000 + 20,000 + 5 × 3,000 = 95,000 in 16 cases, a mean of 5,937.50.
    let costs =
        history(&[("FR11", &[20_000]), ("FR13", &[8_000; 5]), ("FR15", &[4_000; 5]), ("GZ15", &[3_000; 5])]);
    let made = make(costs, &Parameters::default()).unwrap();
    // The other severities' mean is 60,000 / 10 = 6,000; 6,000 / 5,937.5 = 1.01052…
    let fr11 = &made.groups[&code("FR11")];
    assert_eq!(fr11.weight, Some(weight("1.0105")));
    assert_eq!(fr11.how, How::OtherSeverities { adrg: "FR1".to_owned(), n_cases: 10 });
    assert!(fr11.derivation.as_ref().unwrap().re_evaluate().is_ok());
}

#[test]
fn without_them_it_takes_the_earlier_weight_scaled_to_the_new_ones() {
    // GZ15 and FR15 cost 5 × 3,000 + 5 × 7,000 = 50,000 in 10 cases, and HZ19 5,000 in one: the mean of all is 5,000.
    // The earlier tariff gave them 5 × 0.5 + 5 × 1.5 = 10 for 50,000, which is 10 × 5,000: a scale of 1.
    let groups: &[(&str, &[i64])] = &[("FR15", &[7_000; 5]), ("GZ15", &[3_000; 5]), ("HZ19", &[5_000])];
    let earlier = |factor: [&str; 3]| Parameters {
        earlier: ["FR15", "GZ15", "HZ19"].map(code).into_iter().zip(factor.map(weight)).collect(),
        ..Parameters::default()
    };
    let made = make(history(groups), &earlier(["1.5", "0.5", "2.4"])).unwrap();
    assert_eq!(weights(&made)[2], ("HZ19", own("2.4"), "既往权重折算"));
    // Twice as heavy then: a scale of a half.
    let made = make(history(groups), &earlier(["3", "1", "2.4"])).unwrap();
    assert_eq!(weights(&made)[2], ("HZ19", own("1.2"), "既往权重折算"));
    let derivation = made.groups[&code("HZ19")].derivation.as_ref().unwrap();
    assert_eq!(derivation.re_evaluate().unwrap(), Exact::from(weight("1.2")));
}

#[test]
fn an_officers_weight_goes_first_and_what_nothing_weighs_is_reviewed() {
    let groups: &[(&str, &[i64])] =
        &[("FR11", &[9_000]), ("FR15", &[7_000; 5]), ("HZ19", &[6_000]), ("IZ19", &[])];
    // 50,000 in 7 cases; 7,000 / (50,000 / 7) = 0.98.
    let parameters = Parameters { fixed: [(code("FR11"), weight("3.5"))].into(), ..Parameters::default() };
    let made = make(history(groups), &parameters).unwrap();
    let expected = [
        ("FR11", own("3.5"), "核定"),
        ("FR15", own("0.98"), "本组病例"),
        ("HZ19", None, "特病单议"),
        ("IZ19", None, "特病单议"),
    ];
    assert_eq!(weights(&made), expected);
    let tariff = made.tariff(|_| "心梗");
    assert_eq!(tariff.group(&code("HZ19")).unwrap().pricing, crate::Pricing::Review);
    assert_eq!(tariff.weight(&code("FR11")), Some(weight("3.5")));
    // In the order that the parameters say.
    let other = Parameters { fallbacks: vec![Fallback::OtherSeverities, Fallback::Fixed], ..parameters };
    let made = make(history(groups), &other).unwrap();
    assert_eq!(weights(&made)[0], ("FR11", own("0.98"), "同ADRG其他组"));
}

#[test]
fn what_trimming_cuts_counts_nowhere_and_may_leave_too_few() {
    let costs = history(&[("FR15", &[100, 100, 100, 100, 900]), ("GZ15", &[200; 5])]);
    let parameters = Parameters { trimming: Trimming::mean(), ..Parameters::default() };
    let made = make(costs, &parameters).unwrap();
    // FR15's mean is 260: from 104 to 780 nothing is kept.
    let fr15 = &made.groups[&code("FR15")];
    assert_eq!((fr15.n_cases, fr15.n_trimmed, fr15.mean(), fr15.how.clone()), (5, 5, None, How::Review));
    assert_eq!(made.groups[&code("GZ15")].weight, Some(weight("1")));
    assert!(!made.keeps(&code("FR15"), Fen::from_yuan(100).try_into().unwrap()));
    assert!(made.keeps(&code("GZ15"), Fen::from_yuan(200).try_into().unwrap()));
}

#[test]
fn all_bad_parameters_are_told_at_once() {
    let trimming = Trimming::Quantiles { low: "0.9".parse().unwrap(), high: "0.1".parse().unwrap() };
    let parameters = Parameters { trimming, minimum_cases: 0, decimals: 9, ..Parameters::default() };
    assert_eq!(make(Costs::default(), &parameters).unwrap_err().len(), 3);
    assert_eq!(make(Costs::default(), &Parameters::default()), Err(vec![MakeError::NoCases]));
}

prop_compose! {
    fn groups()(costs in prop::collection::vec(prop::collection::vec(1..10_000_000_i64, 0..150), 1..8)) -> Costs {
        let mut history = Costs::default();
        for (i, costs) in costs.into_iter().enumerate() {
            let group = code(["FR11", "FR13", "FR15", "GZ15", "HZ19", "KQY", "0000"][i % 7]);
            history.name(group.clone());
            costs.into_iter().for_each(|fen| history.add(&group, Fen::new(fen).try_into().unwrap()));
        }
        history
    }
}

proptest! {
    #[test]
    fn cases_times_weights_are_the_cases_when_every_group_has_its_own(costs in groups()) {
        let parameters = Parameters { trimming: Trimming::None, minimum_cases: 1, decimals: 8, ..Parameters::default() };
        if let Ok(made) = make(costs, &parameters) {
            // Σ n·w = n to within the rounding of each weight, half a unit of 10^-8.
            let cases = |group: &MadeWeight| count(group.n_cases);
            let weighed: Exact = made
                .groups
                .values()
                .map(|group| cases(group) * group.weight.map_or_else(Exact::zero, Exact::from))
                .fold(Exact::zero(), |sum, part| sum + part);
            let off = weighed - count(made.n_cases);
            let most = count(made.n_cases) * "0.000000005".parse().unwrap();
            prop_assert!(off <= most && Exact::zero() <= &off + &most, "{off} of {most}");
        }
    }

    #[test]
    fn weights_do_not_depend_on_the_order_of_cases_or_the_parts_they_come_in(costs in groups(), at in 0..100_usize) {
        let parameters = Parameters::default();
        let (mut left, mut right) = (Costs::default(), Costs::default());
        for (group, costs) in costs.clone().sorted() {
            left.name(group.clone());
            for (i, cost) in costs.into_iter().rev().enumerate() {
                if i < at { left.add(&group, cost) } else { right.add(&group, cost) }
            }
        }
        left.merge(right);
        prop_assert_eq!(make(left, &parameters), make(costs, &parameters));
    }

    #[test]
    fn every_weight_has_a_tree_that_gives_it_again(costs in groups()) {
        if let Ok(made) = make(costs, &Parameters::default()) {
            for group in made.groups.values() {
                let again = group.derivation.as_ref().map(|node| node.re_evaluate().unwrap());
                prop_assert_eq!(again, group.weight.map(Exact::from));
                prop_assert!(group.n_trimmed <= group.n_cases);
            }
        }
    }
}

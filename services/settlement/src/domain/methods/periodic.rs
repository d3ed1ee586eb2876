use std::collections::BTreeMap;

use medfund_money::Node;

use super::case::{Case, Volume, covering};
use crate::domain::terms::PeriodicStandard;

/// Pays a month's stays by periodic standards (周期性标准): the periods that they began × the standard.
///
/// A period that an earlier bill of the stay began is paid already.
///
/// - `rest`: loses the cases that a standard names.
///
/// Source: JM 四(三)1 (特定人群疾病住院治疗费用按周期性标准结算方式进行结算).
pub(super) fn periodic(rest: &mut Volume, standards: &[PeriodicStandard]) -> Node {
    let codes = || standards.iter().map(|one| one.disease_code.as_str());
    let mut of_code: BTreeMap<&str, (&PeriodicStandard, i64)> = BTreeMap::new();
    for (case, place) in rest.take(|case| covering(&case.disease, codes())) {
        let standard = &standards[place];
        let own = of_code.entry(&standard.disease_code).or_insert((standard, 0));
        own.1 += periods_begun(&case, standard.period_days);
    }
    let part = |(code, (standard, n_periods)): (&str, (&PeriodicStandard, i64))| {
        let n_periods = Node::given("n_periods", "周期数", "periods", n_periods);
        let per_period =
            Node::fen("standard_per_period_fen", "周期定额", standard.per_period).clause("agreement");
        Node::product(&format!("periodic_fen/{code}"), "周期应付", "fen", vec![n_periods, per_period])
    };
    Node::sum("periodic_fen", "按周期性标准应付", "fen", of_code.into_iter().map(part).collect())
}

/// The periods that a bill begins of its stay.
fn periods_begun(case: &Case, period_days: i64) -> i64 {
    let to = |days: i64| (days + period_days - 1) / period_days;
    to(case.days_before() + case.days) - to(case.days_before())
}

#[cfg(test)]
mod tests {
    use medfund_money::Fen;
    use proptest::prelude::*;

    use super::super::case::tests::{after, case, volume};
    use super::*;

    fn standard(code: &str, period_days: i64, fen: i64) -> PeriodicStandard {
        PeriodicStandard { disease_code: code.to_owned(), period_days, per_period: Fen::new(fen) }
    }

    fn paid(cases: Vec<Case>, days: i64, fen: i64) -> i64 {
        let node = periodic(&mut Volume::of(cases), &[standard("F20", days, fen)]);
        assert!(node.re_evaluate().is_ok());
        node.amount().get()
    }

    #[test]
    fn a_stay_is_paid_the_periods_that_it_began_and_others_are_left() {
        let mut rest = volume(&[("F20.900", 30, 1), ("F20.900", 31, 1), ("F31.900", 61, 1), ("I10", 5, 77)]);
        let node = periodic(&mut rest, &[standard("F20", 30, 100), standard("F31", 30, 1_000)]);
        assert_eq!(node.amount(), Fen::new(100 + 200 + 3_000));
        assert_eq!((rest.n_admissions, rest.cost), (1, Fen::new(77)));
    }

    proptest! {
        #[test]
        fn a_stay_in_parts_is_worth_as_much_as_in_one_and_a_longer_one_no_less(
            parts in prop::collection::vec(1..90_i64, 1..6), period in 1..60_i64, fen in 1..1_000_000_i64,
        ) {
            let bills: Vec<Case> = parts.iter().map(|days| case("F20", *days, 0)).collect();
            let in_parts: i64 = (0..bills.len())
                .map(|n| paid(vec![after(&bills[..n].iter().collect::<Vec<_>>(), bills[n].clone())], period, fen))
                .sum();
            let days: i64 = parts.iter().sum();
            prop_assert_eq!(in_parts, paid(vec![case("F20", days, 0)], period, fen));
            prop_assert!(in_parts <= paid(vec![case("F20", days + 1, 0)], period, fen));
            prop_assert!(in_parts >= fen && in_parts <= days * fen);
        }
    }
}

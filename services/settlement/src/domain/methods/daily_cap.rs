use std::collections::BTreeMap;

use medfund_money::{Fen, Node};

use super::case::Case;

/// Pays a month by daily cap (按日限额): each case the less of what it charged and its days × the cap.
///
/// The tree groups the capped cases by their days; a tree of every case can be
/// made again from the bills.
///
/// Source: JM 四(三)1.
pub(super) fn daily_cap(cases: &[Case], cap_per_day: Fen) -> Node {
    let mut capped: BTreeMap<i64, i64> = BTreeMap::new();
    let mut as_charged = Fen::ZERO;
    for case in cases {
        let limit = i128::from(case.days) * i128::from(cap_per_day.get());
        if i128::from(case.cost.get()) > limit {
            *capped.entry(case.days).or_default() += 1;
        } else {
            as_charged += case.cost;
        }
    }
    let part = |(days, n_cases): (i64, i64)| {
        let cases = Node::given("n_cases", "病例数", "cases", n_cases);
        let days = Node::given("days", "住院天数", "days", days);
        let cap = Node::fen("cap_per_day_fen", "日限额", cap_per_day).clause("agreement");
        Node::product("capped_fen", "按限额应付", "fen", vec![cases, days, cap])
    };
    let mut parts = vec![Node::fen("within_cap_fen", "限额内据实", as_charged)];
    parts.extend(capped.into_iter().map(part));
    Node::sum("method_fen", "按日限额应付", "fen", parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::case::tests::volume;
    use super::*;

    #[test]
    fn a_case_gets_the_less_of_charge_and_cap() {
        let month = volume(&[("I10", 3, 250), ("I10", 3, 350), ("I10", 2, 999), ("I10", 1, 100)]);
        let node = daily_cap(&month.cases, Fen::new(100));
        assert_eq!(node.amount(), Fen::new(250 + 300 + 200 + 100));
        assert!(node.re_evaluate().is_ok());
    }

    proptest! {
        #[test]
        fn it_never_pays_more_than_charge_or_cap(
            stays in prop::collection::vec((0..60_i64, 0..1_000_000_i64), 0..50),
            cap in 0..50_000_i64,
        ) {
            let cases: Vec<_> = stays.iter().map(|&(days, fen)| ("I10", days, fen)).collect();
            let mut month = volume(&cases);
            let expected: i64 = stays.iter().map(|&(days, fen)| fen.min(days * cap)).sum();
            let node = daily_cap(&month.cases, Fen::new(cap));
            prop_assert_eq!(node.amount(), Fen::new(expected));
            month.cases.reverse();
            prop_assert_eq!(node, daily_cap(&month.cases, Fen::new(cap)));
        }
    }
}

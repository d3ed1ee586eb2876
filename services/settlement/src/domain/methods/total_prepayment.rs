use medfund_money::{Fen, Node};

use super::per_capita::twelfths;

/// Prepays a month of a total (总额预付): what the year's total × months ÷ 12, rounded half up, grew by.
///
/// Twelve months add up to the total. What the care cost is not looked at
/// before the clearing, which puts it in the place of what was prepaid.
///
/// - `place`: the month's place in the fund year, 1 to 12.
///
/// Source: LC 一 (门诊总额预付, 按月预付), 三(一) (决算).
pub(super) fn total_prepayment(total: Fen, place: u32) -> Node {
    let year = || Node::fen("total_fen", "全年预付总额", total).clause("agreement");
    Node::difference(
        "method_fen",
        "总额预付应付",
        "fen",
        vec![
            twelfths("to_month_fen", "累计至本月", year(), place),
            twelfths("before_month_fen", "累计至上月", year(), place - 1),
        ],
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn twelve_months_add_up_to_the_total_and_differ_by_a_fen_at_most(total in 0..1_000_000_000_000_i64) {
            let months: Vec<Node> = (1..=12).map(|place| total_prepayment(Fen::new(total), place)).collect();
            prop_assert_eq!(months.iter().map(Node::amount).sum::<Fen>(), Fen::new(total));
            for month in &months {
                prop_assert!((month.amount().get() - total / 12).abs() <= 1);
                prop_assert!(month.re_evaluate().is_ok());
            }
        }
    }
}

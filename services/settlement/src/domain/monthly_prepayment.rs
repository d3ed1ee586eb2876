use medfund_money::{Fen, Node, Rate};

use super::cited::Cited;

/// Pays a month ahead (按月预付): a share of the historic monthly mean by management grade (分级管理).
///
/// - `last_year`: what was settled with the institution last year; a twelfth of it is the mean.
/// - `share`: the grade's share, or that of an institution without a grade.
///
/// Source: LC 三(二).
pub fn monthly_prepayment(last_year: Fen, share: &Cited<Rate>) -> Node {
    let settled = Node::fen("last_year_settled_fen", "上年度结算额", last_year);
    let share = Node::rate("share", "预付比例", share.value).clause(&share.cite);
    let times = Node::product("settled_times_share", "结算额乘预付比例", "fen", vec![settled, share]);
    let twelve = Node::given("months_of_a_year", "全年月数", "months", 12);
    Node::quotient("monthly_prepayment_fen", "按月预付", "fen", times, twelve, 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn share(text: &str) -> Cited<Rate> {
        Cited::new(text.parse().unwrap(), "LC 三(二)")
    }

    #[test]
    fn lc_3_2_grades_are_prepaid_different_shares_of_the_monthly_mean() {
        // 1,200,000.00 last year: 100,000.00 a month.
        let paid = |grade| monthly_prepayment(Fen::from_yuan(1_200_000), &share(grade)).amount();
        assert_eq!(["0.90", "0.80", "0.60"].map(paid), [90_000, 80_000, 60_000].map(Fen::from_yuan));
        // 1.00 yuan × 0.70 ÷ 12 is 5.83 fen.
        assert_eq!(monthly_prepayment(Fen::new(100), &share("0.70")).amount(), Fen::new(6));
    }

    proptest! {
        #[test]
        fn more_is_prepaid_to_whoever_was_settled_more(year in 0..1_000_000_000_i64, more in 0..1_000_000_i64, share in 0..=1_000_i64) {
            let share = Cited::new(rust_decimal::Decimal::new(share, 3).try_into().unwrap(), "LC 三(二)");
            let node = monthly_prepayment(Fen::new(year), &share);
            prop_assert!(node.amount() <= monthly_prepayment(Fen::new(year + more), &share).amount());
            prop_assert!(node.re_evaluate().is_ok() && node.amount() <= Fen::new(year / 12 + 1));
        }
    }
}

use medfund_money::{Fen, Node};

use super::cited::Cited;

/// Advances months of last year's mean, before the quota is known (预支).
///
/// - `last_year`: what was settled with the institution last year.
/// - `months`: how many months, decided inside the pack's range.
///
/// Source: JM 四(三)3.
pub fn advance(last_year: Fen, months: &Cited<u32>) -> Node {
    let settled = Node::fen("last_year_settled_fen", "上年度结算额", last_year);
    let months = Node::given("months", "预支月数", "months", i64::from(months.value)).clause(&months.cite);
    let times = Node::product("settled_times_months", "结算额乘月数", "fen", vec![settled, months]);
    let twelve = Node::given("months_of_a_year", "全年月数", "months", 12);
    Node::quotient("advance_fen", "预支", "fen", times, twelve, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_months_of_last_year_s_mean_are_rounded_once() {
        let node = advance(Fen::new(1_000), &Cited::new(2, "JM 四(三)3"));
        assert_eq!(node.amount(), Fen::new(167));
        assert!(node.re_evaluate().is_ok());
    }
}

use medfund_money::{Fen, Node, Rate};

use super::cited::Cited;

/// Working capital (周转金), or more of it for a clean record: a share of the opening quota.
///
/// Source: JM 四(三)3.
pub fn working_capital(name: &str, term: &str, opening_quota: Fen, rate: &Cited<Rate>) -> Node {
    let quota = Node::fen("quota_fen", "年度总额控制指标", opening_quota);
    let rate = Node::rate("rate", "预拨比例", rate.value).clause(&rate.cite);
    Node::product(name, term, "fen", vec![quota, rate]).rounded_to_fen()
}

/// What of a prepayment an earlier advance already paid (抵算), and what of the advance is then left.
#[must_use]
pub fn count_advance(amount: Fen, advance_left: Fen) -> (Fen, Fen) {
    let counted = advance_left.min(amount);
    (counted, advance_left - counted)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn eight_per_cent_of_the_quota_is_rounded_half_up() {
        let rate = Cited::new("0.08".parse().unwrap(), "JM 四(三)3");
        let node = working_capital("working_capital_fen", "周转金", Fen::new(1_006), &rate);
        assert_eq!((node.amount(), node.find("rate").unwrap().clause.as_str()), (Fen::new(80), "JM 四(三)3"));
    }

    proptest! {
        #[test]
        fn an_advance_is_paid_once(advance in 0..10_000_i64, first in 0..10_000_i64, second in 0..10_000_i64) {
            let (counted, left) = count_advance(Fen::new(first), Fen::new(advance));
            let (more, kept_back) = count_advance(Fen::new(second), left);
            let paid = Fen::new(advance) + (Fen::new(first) - counted) + (Fen::new(second) - more) - kept_back;
            prop_assert_eq!(paid, Fen::new(first + second));
        }
    }
}

use medfund_money::{Fen, Node, Rate};

use super::cited::Cited;

/// The base of the responsibility deposit (责任保证金基数): a share of the year's payable, or of the quota.
///
/// - `of`: what the pack takes the share of.
///
/// Source: JM 四(三)3.
pub fn deposit_base(of: Node, rate: &Cited<Rate>) -> Node {
    let rate = Node::rate("base_rate", "保证金计算比例", rate.value).clause(&rate.cite);
    Node::product("deposit_base_fen", "责任保证金基数", "fen", vec![of, rate]).rounded_to_fen()
}

/// What a grade forfeits of the base (扣除).
///
/// Source: JM 四(三)3.
pub fn deposit_forfeited(base: Node, forfeited_rate: &Cited<Rate>) -> Node {
    let rate = Node::rate("forfeited_rate", "扣除比例", forfeited_rate.value).clause(&forfeited_rate.cite);
    Node::product("deposit_forfeited_fen", "扣除责任保证金", "fen", vec![base, rate]).rounded_to_fen()
}

/// The year's payable, month by month.
pub fn year_payable(months: &[Fen]) -> Node {
    let months = months.iter().map(|fen| Node::fen("payable_fen", "应付金额", *fen)).collect();
    Node::sum("year_payable_fen", "全年基金应支付总额", "fen", months)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_per_cent_of_the_year_is_the_base_and_the_grade_takes_its_part() {
        let rate = |text: &str| Cited::new(text.parse().unwrap(), "JM 四(三)3");
        let base = deposit_base(year_payable(&[Fen::new(1_000), Fen::new(1_010)]), &rate("0.05"));
        assert_eq!(base.amount(), Fen::new(101));
        let forfeited = deposit_forfeited(base, &rate("0.5"));
        assert_eq!(forfeited.amount(), Fen::new(51));
        assert!(forfeited.re_evaluate().is_ok());
    }
}

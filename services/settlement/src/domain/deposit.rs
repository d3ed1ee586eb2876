use medfund_money::{Fen, Node, Rate};

use super::cited::Cited;
use super::methods::Prepaid;

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

/// The year's payable, month by month; what a prepaid total's care cost takes the place of what was prepaid.
///
/// - `prepaid`: of the twelve months together.
///
/// Source: JM 四(三)4; LC 三(一) (实际发生医疗费……确定决算指标).
pub fn year_payable(months: &[Fen], prepaid: Prepaid) -> Node {
    let mut parts: Vec<Node> =
        months.iter().map(|fen| Node::fen("month_payable_fen", "月度应付", *fen)).collect();
    let (name, term) = ("year_payable_fen", "全年基金应支付总额");
    if prepaid == Prepaid::default() {
        return Node::sum(name, term, "fen", parts);
    }
    let cost = Node::fen("prepaid_cost_fen", "总额预付医疗费用", prepaid.cost);
    let total = Node::fen("prepaid_total_fen", "已预付总额", prepaid.total);
    parts.push(Node::difference("prepaid_difference_fen", "总额预付清算差额", "fen", vec![cost, total]));
    let settled = Node::sum("settled_payable_fen", "清算应付", "fen", parts);
    Node::max(name, term, "fen", vec![settled, Node::fen("none_fen", "零", Fen::ZERO)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_per_cent_of_the_year_is_the_base_and_the_grade_takes_its_part() {
        let rate = |text: &str| Cited::new(text.parse().unwrap(), "JM 四(三)3");
        let base = deposit_base(
            year_payable(&[Fen::new(1_000), Fen::new(1_010)], Prepaid::default()),
            &rate("0.05"),
        );
        assert_eq!(base.amount(), Fen::new(101));
        let forfeited = deposit_forfeited(base, &rate("0.5"));
        assert_eq!(forfeited.amount(), Fen::new(51));
        assert!(forfeited.re_evaluate().is_ok());
    }

    #[test]
    fn the_cost_of_the_year_takes_the_place_of_what_was_prepaid() {
        let payable = |total, cost| {
            let prepaid = Prepaid { total: Fen::new(total), cost: Fen::new(cost) };
            let node = year_payable(&[Fen::new(500), Fen::new(490)], prepaid);
            assert!(node.re_evaluate().is_ok());
            node.amount()
        };
        // 990 of which 600 were prepaid for care that cost 580, 650, nothing and much less than was refused of it.
        assert_eq!([payable(600, 580), payable(600, 650), payable(600, 0)], [970, 1_040, 390].map(Fen::new));
        assert_eq!(payable(1_200, 0), Fen::ZERO);
    }
}

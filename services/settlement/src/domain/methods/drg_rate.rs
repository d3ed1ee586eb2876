use std::collections::BTreeMap;

use medfund_money::{Coefficient, Fen, Node};
use medfund_tariff::Weight;
use medfund_tariff::share::Covers;

/// A case that a rate pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RatedCase {
    /// The group's weight and the institution's coefficient in it; `None`: the case is in no group, or in one without
    /// weight, and is paid as charged.
    pub weight: Option<(Weight, Coefficient)>,
    /// The fund's share charged.
    pub fund: Fen,
    /// What the patient and other payers than the fund and the institution paid.
    pub personal: Fen,
}

/// Pays a month by DRG rate (费率法): weight × rate × coefficient for each case, rounded once to the fen, less what patients
/// paid where the standard covers all cost.
///
/// The tree groups cases by weight and coefficient. What no weight prices is paid as charged. A month is paid no less
/// than nothing.
///
/// - `rate`: what a weight of 1 pays, by the agreement.
///
/// Source: CX 二(二); LC 一 (疾病诊断相关分组); national practice (费率法): weight × rate × coefficient.
pub(super) fn drg_rate(cases: &[RatedCase], rate: Fen, covers: Covers) -> Node {
    let mut by_weight: BTreeMap<(Weight, Coefficient), i64> = BTreeMap::new();
    let (mut as_charged, mut personal) = (Fen::ZERO, Fen::ZERO);
    for case in cases {
        match case.weight {
            None => as_charged += case.fund,
            Some(weight) => {
                *by_weight.entry(weight).or_default() += 1;
                personal += case.personal;
            }
        }
    }
    let part = |((weight, coefficient), n_cases): ((Weight, Coefficient), i64)| {
        let factors = vec![
            Node::coefficient("weight", "权重", weight.get()),
            Node::fen("rate_fen", "基础费率", rate).clause("agreement"),
            Node::coefficient("coefficient", "系数", coefficient),
        ];
        let one = Node::product("case_fen", "每例支付标准", "fen", factors).rounded_to_fen();
        let n_cases = Node::given("n_cases", "病例数", "cases", n_cases);
        Node::product("weighted_fen", "按费率应付", "fen", vec![n_cases, one])
    };
    let standards =
        Node::sum("standards_fen", "支付标准合计", "fen", by_weight.into_iter().map(part).collect());
    let priced = match covers {
        Covers::FundPart => standards,
        Covers::AllCost => {
            let inputs = vec![standards, Node::fen("personal_fen", "个人负担", personal)];
            let less = Node::difference("fund_part_fen", "基金应付", "fen", inputs);
            let zero = Node::fen("none_fen", "零", Fen::ZERO);
            Node::max("fund_part_fen", "基金应付", "fen", vec![less, zero])
        }
    };
    let charged = Node::fen("as_charged_fen", "未入组据实", as_charged);
    Node::sum("method_fen", "按费率应付", "fen", vec![priced, charged])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn case(weight: &str, coefficient: &str, fund: i64, personal: i64) -> RatedCase {
        let weight = Some((weight.parse().unwrap(), coefficient.parse().unwrap()));
        RatedCase { weight, fund: Fen::new(fund), personal: Fen::new(personal) }
    }

    #[test]
    fn a_case_is_worth_weight_times_rate_times_coefficient_rounded_once() {
        // 1.2345 × 8,000.00 × 1.05 = 10,369.80; 0.3333 × 8,000.00 × 0.9 = 2,399.76.
        let ungrouped = RatedCase { weight: None, fund: Fen::new(700), personal: Fen::new(300) };
        let cases = [case("1.2345", "1.05", 0, 100_000), case("0.3333", "0.9", 0, 50_000), ungrouped];
        let paid = |covers| drg_rate(&cases, Fen::from_yuan(8_000), covers);
        assert_eq!(paid(Covers::FundPart).amount(), Fen::new(1_036_980 + 239_976 + 700));
        assert_eq!(paid(Covers::AllCost).amount(), Fen::new(1_036_980 + 239_976 - 150_000 + 700));
        assert!(paid(Covers::AllCost).re_evaluate().is_ok());
    }

    #[test]
    fn patients_who_paid_more_than_the_standards_leave_nothing_to_the_fund() {
        assert_eq!(drg_rate(&[case("1", "1", 0, 900)], Fen::new(800), Covers::AllCost).amount(), Fen::ZERO);
        assert_eq!(drg_rate(&[], Fen::new(800), Covers::AllCost).amount(), Fen::ZERO);
    }

    proptest! {
        #[test]
        fn cases_add_up_in_any_order_and_a_higher_rate_pays_no_less(
            drawn in prop::collection::vec((1..50_000_i64, 3_000..20_000_i64, 0..1_000_000_i64), 0..40),
            rate in 1..2_000_000_i64,
            more in 0..1_000_i64,
        ) {
            let decimal = |units| rust_decimal::Decimal::new(units, 4).to_string();
            let mut cases: Vec<RatedCase> =
                drawn.iter().map(|&(weight, k, own)| case(&decimal(weight), &decimal(k), 0, own)).collect();
            let paid = drg_rate(&cases, Fen::new(rate), Covers::AllCost);
            let alone: Fen = cases.iter().map(|one| drg_rate(&[*one], Fen::new(rate), Covers::FundPart).amount()).sum();
            prop_assert_eq!(drg_rate(&cases, Fen::new(rate), Covers::FundPart).amount(), alone);
            prop_assert!(drg_rate(&cases, Fen::new(rate + more), Covers::AllCost).amount() >= paid.amount());
            prop_assert!(paid.re_evaluate().is_ok());
            cases.reverse();
            prop_assert_eq!(drg_rate(&cases, Fen::new(rate), Covers::AllCost), paid);
        }
    }
}

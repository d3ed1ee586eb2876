use std::collections::BTreeMap;

use medfund_money::{Coefficient, Fen, Node, PositiveFen, Rate};
use medfund_tariff::Weight;
use medfund_tariff::case_points::{Bands, Case, Kind, PayStandard, Standard, case_pay, ungrouped_pay};
use medfund_tariff::share::Covers;

/// A case that a rate pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RatedCase {
    /// What its group's cases are measured by; `None`: the case is in no group, or in one without weight.
    pub standard: Option<Standard>,
    /// The mean cost of all cases.
    pub mean: PositiveFen,
    /// The case.
    pub case: Case,
    /// The fund's share charged.
    pub fund: Fen,
    /// What the patient and other payers than the fund and the institution paid.
    pub personal: Fen,
}

/// What a pack says of a DRG rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateRules {
    /// What its standards cover.
    pub covers: Covers,
    /// Where normal cases end.
    pub bands: Bands,
    /// The share of its cost that a case without group counts; `None`: such a case is paid as charged.
    pub ungrouped_share: Option<Rate>,
}

impl Default for RateRules {
    /// What a pack says that has no word for DRG: every case is a normal one, and standards are the fund's part.
    fn default() -> Self {
        let bands = Bands { low: Rate::ZERO, high: Vec::new(), high_share: Rate::ONE };
        Self { covers: Covers::FundPart, bands, ungrouped_share: None }
    }
}

/// What a case pays by a rate: its kind, and its standard as a tree; `None`: it is paid as charged.
///
/// Weight × rate × coefficient, rounded once to the fen. Low, high and incomplete cases, a stay that a readmission cuts and
/// one in no group by their cost, as points count them.
///
/// - `rate`: what a weight of 1 pays, by the agreement.
///
/// Source: CX 二(二); national practice (费率法): weight × rate × coefficient; the kinds of cases are the pack's.
pub fn rate_case(one: &RatedCase, rate: Fen, rules: &RateRules) -> (Kind, Option<Node>) {
    let rate = Node::fen("rate_fen", "基础费率", rate).clause("agreement");
    let Some(Standard { weight, mean, .. }) = one.standard else {
        let paid = rules.ungrouped_share.map(|share| ungrouped_pay((rate, one.mean), &one.case, share));
        return (Kind::Ungrouped, paid);
    };
    let factors = vec![Node::coefficient("weight", "权重", weight.get()), rate];
    let whole = Node::product("group_pay_fen", "病组支付标准", "fen", factors);
    let (kind, paid) = case_pay(&PayStandard { whole, weight: Some(weight), mean }, &one.case, &rules.bands);
    (kind, Some(paid))
}

/// Pays a month by DRG rate (费率法): what each case pays, less what patients paid where the standard covers all cost.
///
/// The tree groups normal cases by weight and coefficient. What is not priced is paid as charged. A month is paid no less
/// than nothing.
///
/// Source: CX 二(二); LC 一 (疾病诊断相关分组).
pub(super) fn drg_rate(cases: &[RatedCase], rate: Fen, rules: &RateRules) -> Node {
    let mut alike: BTreeMap<Alike, (Node, i64)> = BTreeMap::new();
    let (mut as_charged, mut personal) = (Fen::ZERO, Fen::ZERO);
    for one in cases {
        match rate_case(one, rate, rules) {
            (_, None) => as_charged += one.fund,
            (kind, Some(paid)) => {
                alike.entry(Alike::of(kind, one)).or_insert((paid, 0)).1 += 1;
                personal += one.personal;
            }
        }
    }
    let part = |(one, n_cases): (Node, i64)| {
        let n_cases = Node::given("n_cases", "病例数", "cases", n_cases);
        Node::product("weighted_fen", "按费率应付", "fen", vec![n_cases, one])
    };
    let standards =
        Node::sum("standards_fen", "支付标准合计", "fen", alike.into_values().map(part).collect());
    let priced = match rules.covers {
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

/// What cases have in common that pay the same for the same reason.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Alike {
    kind: Kind,
    weight: Option<Weight>,
    coefficient: Coefficient,
    kept: Option<Rate>,
    /// The mean of its group and its cost, where that counts.
    cost: Option<[Fen; 2]>,
}

impl Alike {
    fn of(kind: Kind, one: &RatedCase) -> Self {
        let mean = one.standard.map_or(one.mean, |standard| standard.mean);
        Self {
            kind,
            weight: one.standard.map(|standard| standard.weight),
            coefficient: one.case.coefficient,
            kept: one.case.kept,
            cost: (kind != Kind::Normal).then(|| [mean, one.case.cost].map(PositiveFen::get)),
        }
    }
}

#[cfg(test)]
mod tests {
    use medfund_money::Points;
    use medfund_tariff::case_points::HighLimit;
    use proptest::prelude::*;

    use super::*;

    /// A case of mean cost in a group; without a weight, in none.
    fn case(weight: &str, coefficient: &str, fund: i64, personal: i64) -> RatedCase {
        let mean = PositiveFen::try_from(Fen::from_yuan(8_000)).unwrap();
        let standard = |weight| Standard { points: Points::new(0), weight, mean };
        RatedCase {
            standard: weight.parse().ok().map(standard),
            mean,
            case: Case {
                cost: mean,
                coefficient: coefficient.parse().unwrap(),
                is_incomplete: false,
                kept: None,
            },
            fund: Fen::new(fund),
            personal: Fen::new(personal),
        }
    }

    fn rules(covers: Covers) -> RateRules {
        RateRules { covers, ..RateRules::default() }
    }

    #[test]
    fn a_case_is_worth_weight_times_rate_times_coefficient_rounded_once() {
        // 1.2345 × 8,000.00 × 1.05 = 10,369.80; 0.3333 × 8,000.00 × 0.9 = 2,399.76.
        let ungrouped = case("", "1", 700, 300);
        let cases = [case("1.2345", "1.05", 0, 100_000), case("0.3333", "0.9", 0, 50_000), ungrouped];
        let paid = |covers| drg_rate(&cases, Fen::from_yuan(8_000), &rules(covers));
        assert_eq!(paid(Covers::FundPart).amount(), Fen::new(1_036_980 + 239_976 + 700));
        assert_eq!(paid(Covers::AllCost).amount(), Fen::new(1_036_980 + 239_976 - 150_000 + 700));
        assert!(paid(Covers::AllCost).re_evaluate().is_ok());
    }

    #[test]
    fn low_high_incomplete_cut_and_ungrouped_cases_pay_by_their_cost() {
        let high = vec![HighLimit { from_weight: None, limit: "3".parse().unwrap() }];
        let bands = Bands { low: "0.4".parse().unwrap(), high, high_share: Rate::ONE };
        let rules = RateRules { covers: Covers::FundPart, bands, ungrouped_share: Some(Rate::ONE) };
        let paid = |one: RatedCase| {
            let month = drg_rate(&[one], Fen::from_yuan(7_000), &rules);
            assert!(month.re_evaluate().is_ok());
            month.amount()
        };
        let at = |yuan: i64| {
            let mut one = case("1", "1", 0, 0);
            one.case.cost = Fen::from_yuan(yuan).try_into().unwrap();
            one
        };
        // The mean is 8,000, the standard 7,000: 2,000 ÷ 8,000 of it, all of it, and (4 − 3) of it more.
        assert_eq!([at(2_000), at(8_000), at(32_000)].map(paid), [1_750, 7_000, 14_000].map(Fen::from_yuan));
        let mut left = at(4_000);
        left.case.is_incomplete = true;
        let mut back = at(8_000);
        back.case.kept = Some("0.5".parse().unwrap());
        let mut ungrouped = at(6_000);
        ungrouped.standard = None;
        assert_eq!([left, back, ungrouped].map(paid), [3_500, 3_500, 5_250].map(Fen::from_yuan));
    }

    #[test]
    fn patients_who_paid_more_than_the_standards_leave_nothing_to_the_fund() {
        let paid = |cases: &[RatedCase]| drg_rate(cases, Fen::new(800), &rules(Covers::AllCost)).amount();
        assert_eq!(paid(&[case("1", "1", 0, 900)]), Fen::ZERO);
        assert_eq!(paid(&[]), Fen::ZERO);
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
            let [all_cost, fund_part] = [Covers::AllCost, Covers::FundPart].map(rules);
            let paid = drg_rate(&cases, Fen::new(rate), &all_cost);
            let alone: Fen = cases.iter().map(|one| drg_rate(&[*one], Fen::new(rate), &fund_part).amount()).sum();
            prop_assert_eq!(drg_rate(&cases, Fen::new(rate), &fund_part).amount(), alone);
            prop_assert!(drg_rate(&cases, Fen::new(rate + more), &all_cost).amount() >= paid.amount());
            prop_assert!(paid.re_evaluate().is_ok());
            cases.reverse();
            prop_assert_eq!(drg_rate(&cases, Fen::new(rate), &all_cost), paid);
        }
    }
}

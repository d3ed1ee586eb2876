use medfund_money::{Exact, Node};

use super::indicators::Assessment;
use super::inspection::Inspection;
use super::rules::{IndicatorRules, InspectionRules};

/// The calculator of refusals, with its version.
pub const REFUSAL: &str = "extrapolated_refusal/1";

/// The calculator of deductions, with its version.
pub const DEDUCTION: &str = "indicator_deduction/1";

/// How a refused amount came about.
///
/// Source: JM 四(五).
#[must_use]
pub fn refusal(inspection: &Inspection, rules: &InspectionRules) -> Node {
    let cases = inspection.sample.violating_cases.iter();
    let cases = cases.map(|case| Node::fen("violating_case", &case.case_id, case.amount.get()));
    let violating = Node::sum("sample_violating_fen", "抽查违规金额", "fen", cases.collect());
    if !inspection.extrapolated {
        return violating.named("refused_fen", "拒付金额").clause(&rules.cite);
    }
    let cases = |name, term, n| Node::given(name, term, "cases", Exact::from(n));
    let sample = cases("n_sample", "抽查病历数", inspection.sample.n_sample);
    let population = cases("n_population", "病历总数", inspection.sample.n_population);
    let enlarged = Node::product(
        "violating_times_population",
        "抽查违规金额×病历总数",
        "fen",
        vec![violating, population],
    );
    Node::quotient("refused_fen", "放大后拒付金额", "fen", enlarged, sample, 0).clause(&rules.cite)
}

/// How the share of the year's payable came about that missed indicators cost.
///
/// Source: JM 四(四), 四(六).
#[must_use]
pub fn deduction(assessment: &Assessment, rules: &IndicatorRules) -> Node {
    let missed = assessment.deductions.iter().map(|deduction| {
        let rule = rules.indicators.get(&deduction.indicator);
        let (term, cite) = rule.map_or(("", ""), |rule| (rule.term.as_str(), rule.cite.as_str()));
        let term = format!("{term}（指标值 {}，实际 {}）", deduction.limit, deduction.measured);
        Node::rate(&deduction.indicator, &term, deduction.rate).clause(cite)
    });
    let sum = Node::sum("deduction_rate", "考核扣减比例", "rate", missed.collect());
    if sum.value <= Exact::from(1_i64) {
        return sum;
    }
    let whole = Node::given("whole", "全部", "rate", Exact::from(1_i64));
    let sum = sum.named("deduction_rates", "考核扣减比例合计");
    Node::min("deduction_rate", "考核扣减比例", "rate", vec![sum, whole])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use medfund_money::Rate;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::super::indicators::{self, Deduction};
    use super::super::inspection::{Sample, ViolatingCase, extrapolate};
    use super::super::record::Head;
    use super::super::two_persons::TwoPersons;
    use super::*;

    fn rules(extrapolated: bool) -> InspectionRules {
        InspectionRules {
            kinds: BTreeMap::from([("repeated_charging".to_owned(), true)]),
            least_sampling_rate: Rate::ZERO,
            extrapolated,
            cite: "JM 四(五)".into(),
        }
    }

    fn head() -> Head {
        Head {
            area: "440700".parse().unwrap(),
            id: Uuid::from_u128(7),
            fund_year: 2017.try_into().unwrap(),
            institution: "H44070300001".parse().unwrap(),
            persons: TwoPersons::made_by("li"),
        }
    }

    fn inspection(n_population: i64, n_sample: i64, amounts: &[i64], extrapolated: bool) -> Inspection {
        let case = |(i, fen): (usize, &i64)| ViolatingCase {
            case_id: format!("S{i}"),
            kind: "repeated_charging".into(),
            amount: (*fen).try_into().unwrap(),
            physician_code: None,
        };
        let violating_cases = amounts.iter().enumerate().map(case).collect();
        let sample = Sample { n_population, n_sample, violating_cases };
        let refusal = extrapolate(&sample, &rules(extrapolated)).unwrap();
        Inspection {
            head: head(),
            fund_line: "employee".parse().unwrap(),
            month: "2017-05".parse().unwrap(),
            sample,
            violating: refusal.violating,
            sampling_rate: refusal.sampling_rate,
            extrapolated,
            refused: refusal.refused,
        }
    }

    proptest! {
        #[test]
        fn a_refusals_tree_re_evaluates_to_the_refused_fen(
            n_population in 1..10_000_i64,
            left_out in 0..95_i64,
            amounts in prop::collection::vec(1..10_000_000_i64, 1..12),
            extrapolated: bool,
        ) {
            let n_sample = (n_population - n_population * left_out / 100).max(1);
            let inspection = inspection(n_population, n_sample, &amounts, extrapolated);
            let tree = refusal(&inspection, &rules(extrapolated)).under("p", "h", REFUSAL);
            prop_assert_eq!(tree.root.amount(), inspection.refused);
            prop_assert_eq!(tree.re_evaluate(), Ok(Exact::from(inspection.refused)));
        }

        #[test]
        fn a_deductions_tree_re_evaluates_to_its_rate(
            thousandths in prop::collection::vec(0..600_i64, 0..5),
        ) {
            let deductions: Vec<Deduction> = thousandths.iter().map(|n| Deduction {
                indicator: "visits_per_head".into(),
                limit: Exact::zero(),
                measured: Exact::zero(),
                rate: format!("0.{n:03}").parse().unwrap(),
            }).collect();
            let assessment = Assessment {
                head: head(),
                measured: vec![],
                quarter_visits: None,
                deduction_rate: indicators::total(&deductions),
                deductions,
            };
            let rules = IndicatorRules { indicators: BTreeMap::new() };
            let tree = deduction(&assessment, &rules).under("p", "h", DEDUCTION);
            prop_assert_eq!(tree.re_evaluate(), Ok(Exact::from(assessment.deduction_rate)));
        }
    }
}

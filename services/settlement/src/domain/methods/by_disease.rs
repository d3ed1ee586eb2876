use std::collections::BTreeMap;

use medfund_money::{Coefficient, Exact, Fen, Node, Rate};

use super::case::{Case, Volume, covering};
use crate::domain::cited::Cited;
use crate::domain::terms::DiseaseStandard;

/// What a pack says of payment by disease.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiseaseRules {
    /// Whether wholly self-paid items are charged beside a standard that covers the stay (病种费用外另行收费).
    pub extra_charge: bool,
    /// Which listed cases leave the list; `None`: none but those that institutions declare.
    pub variants: Option<VariantRule>,
    /// The standard of a TCM advantage disease against the agreed one; `None`: as agreed.
    pub tcm_factor: Option<Cited<Coefficient>>,
}

/// When a listed case leaves the list (变异退出).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VariantRule {
    /// Below this share of its standard.
    pub low_below: Rate,
    /// Above this multiple of its standard.
    pub high_above: Coefficient,
}

/// Pays a month's listed diseases (按病种): each stay of a listed disease its standard once.
///
/// A listed code covers itself and every code below it; of two that cover a
/// diagnosis the longer one counts. Of a standard that covers the whole stay
/// the fund pays what the patient's part leaves, never less than nothing; what
/// the patient pays by a later bill of the stay is taken off in that bill's month.
///
/// - `rest`: loses the cases of listed diseases, but not those that leave the list.
/// - Returns fen, not less than nothing.
///
/// Source: JM 四(三)2 (各项费用支出), PZH 四(三)1, CX 二(三), 二(五), 二(六).
pub(super) fn by_disease(rest: &mut Volume, standards: &[DiseaseStandard], rules: &DiseaseRules) -> Node {
    let mut of_code: BTreeMap<&str, (&DiseaseStandard, i64, Fen)> = BTreeMap::new();
    for (case, place) in rest.take(|case| listed(case, standards, rules)) {
        let standard = &standards[place];
        let own = of_code.entry(&standard.disease_code).or_insert((standard, 0, Fen::ZERO));
        let earlier = earlier_under(&case, standards, place);
        own.1 += i64::from(earlier.is_empty());
        if standard.covers_whole_stay {
            let whole = standard_of(standard, rules).amount();
            let before: Fen = earlier.iter().map(|bill| personal_part(bill, rules)).sum();
            own.2 += personal_part(&case, rules).min((whole - before).or_zero());
        }
    }
    let part = |(code, (standard, n_cases, personal)): (&str, (&DiseaseStandard, i64, Fen))| {
        let name = format!("disease_fen/{code}");
        let n_cases = Node::given("n_cases", "病例数", "cases", n_cases);
        let standards = Node::product(&name, "病种应付", "fen", vec![n_cases, standard_of(standard, rules)]);
        if !standard.covers_whole_stay {
            return standards;
        }
        let personal = Node::fen("personal_fen", "个人负担", personal);
        let standards = standards.named("standards_fen", "病种标准合计");
        Node::difference(&name, "病种应付", "fen", vec![standards, personal])
    };
    let sum = Node::sum("by_disease_fen", "按病种应付", "fen", of_code.into_iter().map(part).collect());
    if standards.iter().any(|standard| standard.covers_whole_stay) {
        let zero = Node::fen("none_fen", "零", Fen::ZERO);
        return Node::max("by_disease_fen", "按病种应付", "fen", vec![sum, zero]);
    }
    sum
}

/// The place of the standard that pays a case; `None` if none covers it, or if it leaves the list (变异退出).
///
/// A stay that several bills settle is judged by the first that the standard
/// covers, so that what was paid of it stands.
pub(super) fn listed(case: &Case, standards: &[DiseaseStandard], rules: &DiseaseRules) -> Option<usize> {
    let place = covering(&case.disease, codes(standards))?;
    let first = earlier_under(case, standards, place).first().copied().unwrap_or(case);
    (!leaves(first, &standards[place], rules)).then_some(place)
}

fn codes(standards: &[DiseaseStandard]) -> impl Iterator<Item = &str> {
    standards.iter().map(|one| one.disease_code.as_str())
}

/// The earlier bills of a case's stay that a standard covers.
fn earlier_under<'c>(case: &'c Case, standards: &[DiseaseStandard], place: usize) -> Vec<&'c Case> {
    let is_covered = |bill: &&Case| covering(&bill.disease, codes(standards)) == Some(place);
    case.earlier.iter().filter(is_covered).collect()
}

/// Whether a bill is a variant: declared so, or too cheap or too dear for its standard.
///
/// The cost that is held against a standard is of what the standard covers.
fn leaves(bill: &Case, standard: &DiseaseStandard, rules: &DiseaseRules) -> bool {
    let cost = Exact::from(if standard.covers_whole_stay { bill.total } else { bill.cost });
    let whole = standard_of(standard, rules).amount();
    let is_off =
        |limits: VariantRule| cost < limits.low_below.of(whole) || cost > limits.high_above.of(whole);
    bill.is_variant || rules.variants.is_some_and(is_off)
}

/// The standard for a case, rounded to the fen where the pack's factor multiplies it.
fn standard_of(standard: &DiseaseStandard, rules: &DiseaseRules) -> Node {
    let agreed = Node::fen("disease_standard_fen", "病种定额", standard.standard).clause("agreement");
    match &rules.tcm_factor {
        Some(factor) if standard.tcm_advantage => {
            let factor =
                Node::coefficient("tcm_factor", "中医优势病种系数", factor.value).clause(&factor.cite);
            Node::product("tcm_standard_fen", "中医优势病种定额", "fen", vec![agreed, factor])
                .rounded_to_fen()
        }
        Some(_) | None => agreed,
    }
}

/// What of a standard that covers the stay the patient paid by a bill.
fn personal_part(bill: &Case, rules: &DiseaseRules) -> Fen {
    if rules.extra_charge { bill.personal - bill.self_paid } else { bill.personal }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::super::case::tests::{after, case, volume};
    use super::*;

    pub(in crate::domain) fn standard(code: &str, yuan: i64) -> DiseaseStandard {
        DiseaseStandard {
            disease_code: code.to_owned(),
            standard: Fen::from_yuan(yuan),
            covers_whole_stay: false,
            tcm_advantage: false,
        }
    }

    fn whole(code: &str, yuan: i64) -> DiseaseStandard {
        DiseaseStandard { covers_whole_stay: true, ..standard(code, yuan) }
    }

    fn limits(low: &str, high: &str) -> DiseaseRules {
        let variants =
            Some(VariantRule { low_below: low.parse().unwrap(), high_above: high.parse().unwrap() });
        DiseaseRules { variants, ..DiseaseRules::default() }
    }

    /// What the cases are paid by the list, and how many are left.
    fn paid(cases: Vec<Case>, standards: &[DiseaseStandard], rules: &DiseaseRules) -> (i64, i64) {
        let mut rest = Volume::of(cases);
        let node = by_disease(&mut rest, standards, rules);
        assert!(node.re_evaluate().is_ok());
        (node.amount().get(), rest.n_admissions)
    }

    #[test]
    fn listed_diseases_get_their_standard_and_others_are_left() {
        let standards = [standard("J18", 4_000), standard("K35.8", 9_000)];
        let mut rest = volume(&[("J18.900", 1, 9_999), ("J18.100", 1, 5), ("K35.8", 1, 1), ("I10", 2, 700)]);
        let node = by_disease(&mut rest, &standards, &DiseaseRules::default());
        assert_eq!(node.amount(), Fen::from_yuan(2 * 4_000 + 9_000));
        assert!(node.re_evaluate().is_ok());
        assert_eq!((rest.n_admissions, rest.cost), (1, Fen::new(700)));
    }

    #[test]
    fn the_narrower_of_two_listed_codes_counts() {
        let standards = [standard("J18", 4_000), standard("J18.9", 5_000)];
        assert_eq!(paid(vec![case("J18.900", 1, 0)], &standards, &DiseaseRules::default()).0, 500_000);
    }

    #[test]
    fn a_stay_of_two_bills_gets_one_standard_but_another_disease_of_it_gets_its_own() {
        let first = case("J18.900", 5, 100_000);
        let second = after(&[&first], case("J18.100", 3, 100_000));
        let other = after(&[&first, &second], case("K35.800", 3, 100_000));
        let standards = [standard("J18", 4_000), standard("K35", 9_000)];
        let none = DiseaseRules::default();
        assert_eq!(paid(vec![first.clone(), second.clone()], &standards, &none), (400_000, 0));
        assert_eq!(paid(vec![second], &standards, &none), (0, 0), "the month before paid the standard");
        assert_eq!(paid(vec![other], &standards, &none), (900_000, 0));
    }

    #[test]
    fn the_fund_pays_what_the_patient_s_part_leaves_of_a_whole_standard() {
        let of = |personal, self_paid| Case {
            personal: Fen::new(personal),
            self_paid: Fen::new(self_paid),
            ..case("J18", 1, 500_000)
        };
        let none = DiseaseRules::default();
        let list = [whole("J18", 5_000)];
        assert_eq!(paid(vec![of(120_000, 20_000)], &list, &none).0, 380_000);
        assert_eq!(
            paid(vec![of(900_000, 0), of(100_000, 0)], &list, &none).0,
            400_000,
            "a case gives nothing at least"
        );
        // Self-paid items are charged beside the standard where the pack lets them be.
        let beside = DiseaseRules { extra_charge: true, ..none };
        assert_eq!(paid(vec![of(120_000, 20_000)], &list, &beside).0, 400_000);
    }

    #[test]
    fn a_case_leaves_the_list_below_and_above_its_limits_or_when_it_is_declared() {
        let list = [standard("J18", 1_000)];
        let rules = limits("0.5", "2");
        let left = |fen, is_variant| paid(vec![Case { is_variant, ..case("J18", 1, fen) }], &list, &rules).1;
        assert_eq!(
            [left(49_999, false), left(50_000, false), left(200_000, false), left(200_001, false)],
            [1, 0, 0, 1]
        );
        assert_eq!(left(100_000, true), 1);
        assert_eq!(
            paid(vec![Case { is_variant: true, ..case("J18", 1, 0) }], &list, &DiseaseRules::default()).1,
            1
        );
    }

    #[test]
    fn a_stay_is_judged_by_its_first_bill() {
        let list = [standard("J18", 1_000)];
        let rules = limits("0.5", "2");
        let (cheap, usual, dear) = (case("J18", 1, 10_000), case("J18", 1, 100_000), case("J18", 1, 300_000));
        assert_eq!(paid(vec![after(&[&cheap], usual.clone())], &list, &rules), (0, 1));
        assert_eq!(paid(vec![after(&[&usual], dear)], &list, &rules), (0, 0));
    }

    proptest! {
        #[test]
        fn cases_are_paid_or_left_and_none_is_both(
            fen in prop::collection::vec((0..400_000_i64, 0..300_000_i64, any::<bool>()), 0..30), covers in any::<bool>(),
        ) {
            let list = [DiseaseStandard { covers_whole_stay: covers, ..standard("J18", 1_000) }];
            let rules = limits("0.5", "2");
            let cases: Vec<Case> = fen.iter().map(|&(fen, own, is_variant)| Case {
                total: Fen::new(fen + own), personal: Fen::new(own), is_variant, ..case("J18", 1, fen)
            }).collect();
            let n_listed = cases.iter().filter(|case| listed(case, &list, &rules).is_some()).count();
            let (sum, n_left) = paid(cases.clone(), &list, &rules);
            prop_assert_eq!(n_listed + usize::try_from(n_left).unwrap(), cases.len());
            let alone: i64 = cases.iter().map(|one| paid(vec![one.clone()], &list, &rules).0).sum();
            prop_assert_eq!(sum, alone);
            prop_assert!(sum <= i64::try_from(n_listed).unwrap() * 100_000);
        }

        #[test]
        fn a_stay_in_several_months_is_paid_the_standard_less_its_patient_s_part(
            parts in prop::collection::vec(0..60_000_i64, 1..5),
        ) {
            let bill = |own: &i64| Case { personal: Fen::new(*own), ..case("J18", 1, 0) };
            let bills: Vec<Case> = parts.iter().map(bill).collect();
            let list = [whole("J18", 1_000)];
            // Beside a hundred others, so that no month comes to less than nothing.
            let others = || (0..100).map(|_| case("J18", 1, 0));
            let month = |n: usize| {
                let own = after(&bills[..n].iter().collect::<Vec<_>>(), bills[n].clone());
                let all = others().chain([own]).collect();
                paid(all, &list, &DiseaseRules::default()).0 - 100 * 100_000
            };
            let got: i64 = (0..bills.len()).map(month).sum();
            prop_assert_eq!(got, (100_000 - parts.iter().sum::<i64>()).max(0));
        }
    }
}

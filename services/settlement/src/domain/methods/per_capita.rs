use medfund_money::{Fen, Node, Rate};

use crate::domain::cited::Cited;
use crate::domain::terms::{AgeGroup, Assigned, ChronicStandard};

/// What a pack says of payment per capita.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CapitaRules {
    /// The basic service package (基本医疗服务包) in the notice's words; empty for none.
    pub package: String,
    /// The team's share of the cost of patients it referred; `None`: it bears none.
    pub referral_share: Option<Cited<Rate>>,
}

/// Pays a month per capita (按人头): the month's part of the year's amount, less the team's share of referrals.
///
/// The year's amount is persons × the yearly standard, each age weighted by its
/// factor, and beside them the chronic patients in care × theirs. The first m
/// months together are the year's amount × m/12, rounded half up; a month is
/// what that grew by, so that twelve months add up to the year.
///
/// - `place`: the month's place in the fund year, 1 to 12.
/// - `referred`: the fund's cost of patients whom the institution referred in the month. The share of it that the team
///   bears is rounded half up, and never more than the month gives.
/// - Returns the month's fen, and of referrals what was taken off.
///
/// Source: JM 四(三)1, PZH 四(三)2 (慢性病管理, 转诊费用), CX 二(五), LC 三(一) (年龄结构).
pub(super) fn per_capita(
    standard: Fen,
    (assigned, chronic): (&Assigned, &[ChronicStandard]),
    (place, referred): (u32, Fen),
    rules: &CapitaRules,
) -> (Node, Option<Node>) {
    assert!((1..=12).contains(&place), "a fund year has twelve months");
    let year = || year(standard, assigned, chronic, rules);
    let month = Node::difference(
        "method_fen",
        "按人头应付",
        "fen",
        vec![
            twelfths("to_month_fen", "累计至本月", year(), place),
            twelfths("before_month_fen", "累计至上月", year(), place - 1),
        ],
    );
    let Some(share) = &rules.referral_share else { return (month, None) };
    if referred == Fen::ZERO {
        return (month, None);
    }
    let month = month.named("capita_fen", "人头费用");
    let cost = Node::fen("referred_fen", "上转患者统筹基金费用", referred);
    let rate = Node::rate("referral_share", "转诊费用分担比例", share.value).clause(&share.cite);
    let borne =
        Node::product("referral_share_fen", "应分担转诊费用", "fen", vec![cost, rate]).rounded_to_fen();
    let taken = Node::min("referral_fen", "转诊费用", "fen", vec![borne, month.clone()]);
    (Node::difference("method_fen", "按人头应付", "fen", vec![month, taken.clone()]), Some(taken))
}

/// What the year gives, not rounded.
fn year(standard: Fen, assigned: &Assigned, chronic: &[ChronicStandard], rules: &CapitaRules) -> Node {
    let standard = || {
        let node = Node::fen("standard_per_person_fen", "人头定额", standard);
        let clause = if rules.package.is_empty() {
            "agreement".to_owned()
        } else {
            format!("agreement; {}", rules.package)
        };
        node.clause(&clause)
    };
    let persons = |persons: i64| Node::given("persons", "签约人数", "persons", persons).clause("agreement");
    let of_age = |group: &AgeGroup| {
        let factor = Node::coefficient("age_factor", "年龄系数", group.factor).clause("agreement");
        let factors = vec![persons(group.persons), factor, standard()];
        Node::product(&format!("age_fen/{}", group.from_age), "年龄组人头费用", "fen", factors)
    };
    let of_disease = |one: &ChronicStandard| {
        let patients = Node::given("patients", "慢性病管理人数", "persons", one.persons).clause("agreement");
        let standard =
            Node::fen("chronic_standard_fen", "慢性病管理定额", one.per_person).clause("agreement");
        let name = format!("chronic_fen/{}", one.disease_code);
        Node::product(&name, "慢性病管理费用", "fen", vec![patients, standard])
    };
    let of_all = match assigned {
        Assigned::Persons(n) => {
            Node::product("year_fen", "全年人头费用", "fen", vec![persons(*n), standard()])
        }
        Assigned::ByAge(groups) => {
            Node::sum("year_fen", "全年人头费用", "fen", groups.iter().map(of_age).collect())
        }
    };
    if chronic.is_empty() {
        return of_all;
    }
    let mut parts = vec![of_all.named("assigned_fen", "签约人头费用")];
    parts.extend(chronic.iter().map(of_disease));
    Node::sum("year_fen", "全年人头费用", "fen", parts)
}

/// `year` × `months` ÷ 12, rounded half up to the fen.
pub(in crate::domain) fn twelfths(name: &str, term: &str, year: Node, months: u32) -> Node {
    let months = Node::given("months", "月数", "months", i64::from(months));
    let times = Node::product("year_times_months", "全年乘月数", "fen", vec![year, months]);
    Node::quotient(name, term, "fen", times, Node::given("months_of_a_year", "全年月数", "months", 12), 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn paid(standard: i64, assigned: &Assigned, place: u32) -> Node {
        per_capita(Fen::new(standard), (assigned, &[]), (place, Fen::ZERO), &CapitaRules::default()).0
    }

    #[test]
    fn months_grow_by_rounded_twelfths() {
        let parts: Vec<i64> =
            (1..=12).map(|place| paid(100, &Assigned::Persons(1), place).amount().get()).collect();
        assert_eq!(parts, [8, 9, 8, 8, 9, 8, 8, 9, 8, 8, 9, 8]);
    }

    #[test]
    fn a_team_bears_no_more_of_referrals_than_its_month_gives() {
        let share = Some(Cited::new("0.1".parse().unwrap(), "PZH 四(三)2"));
        let rules = CapitaRules { referral_share: share, package: "基本医疗服务包".to_owned() };
        let of = |referred: i64| {
            let assigned = (&Assigned::Persons(12), &[][..]);
            let (node, taken) = per_capita(Fen::new(1_000), assigned, (1, Fen::new(referred)), &rules);
            assert!(node.re_evaluate().is_ok());
            (node.amount().get(), taken.map(|taken| taken.amount().get()))
        };
        assert_eq!([of(0), of(4_005), of(50_000)], [(1_000, None), (599, Some(401)), (0, Some(1_000))]);
    }

    proptest! {
        #[test]
        fn twelve_months_add_up_to_the_year(persons in 0..1_000_000_i64, standard in 0..1_000_000_i64) {
            let months = (1..=12).map(|place| paid(standard, &Assigned::Persons(persons), place));
            let (sum, all_hold) = months.fold((Fen::ZERO, true), |(sum, holds), node| {
                (sum + node.amount(), holds && node.re_evaluate().is_ok())
            });
            prop_assert_eq!(sum, Fen::new(persons * standard));
            prop_assert!(all_hold);
        }

        #[test]
        fn ages_are_weighted_exactly_and_rounded_once(
            drawn in prop::collection::vec((1..10_000_i64, 1..3_000_i64), 1..8), standard in 1..100_000_i64,
            patients in 0..1_000_i64, chronic_fen in 1..100_000_i64,
        ) {
            let decimal = |thousandths| rust_decimal::Decimal::new(thousandths, 3);
            let group = |(place, &(persons, factor)): (usize, &(i64, i64))| AgeGroup {
                from_age: i32::try_from(place).unwrap() * 10, persons, factor: decimal(factor).try_into().unwrap(),
            };
            let groups: Vec<AgeGroup> = drawn.iter().enumerate().map(group).collect();
            let chronic = [ChronicStandard {
                disease_code: "E11".to_owned(), persons: patients, per_person: Fen::new(chronic_fen),
            }];
            let assigned = Assigned::ByAge(groups);
            let months = (1..=12).map(|place| {
                let of = (&assigned, &chronic[..]);
                per_capita(Fen::new(standard), of, (place, Fen::ZERO), &CapitaRules::default()).0
            });
            let thousandths: i128 = drawn.iter().map(|&(n, f)| i128::from(n) * i128::from(f) * i128::from(standard)).sum();
            let exact = thousandths + i128::from(patients) * i128::from(chronic_fen) * 1_000;
            let expected = i64::try_from((exact + 500) / 1_000).unwrap();
            prop_assert_eq!(months.map(|month| month.amount()).sum::<Fen>(), Fen::new(expected));
        }
    }
}

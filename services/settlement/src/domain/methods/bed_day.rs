use std::collections::BTreeMap;

use medfund_money::{Coefficient, Node};

use super::case::{Case, Volume, covering};
use crate::domain::cited::Cited;
use crate::domain::terms::BedDayStandard;

/// What a pack says of bed-days, for institutions of one class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BedDayRules {
    /// The phases of each service's stays, in their order, by the service's id.
    pub services: BTreeMap<String, Vec<Phase>>,
    /// The class's standard against the agreed one; `None`: as agreed.
    pub class_factor: Option<Cited<Coefficient>>,
}

/// A phase of the course (治疗阶段).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// Its id in the pack.
    pub id: String,
    /// The first day of stay it covers, from 1; it ends where the next begins.
    pub from_day: i64,
    /// Its standard against the service's mean.
    pub factor: Cited<Coefficient>,
}

/// Pays a month's bed-days (按床日): days of each phase × the service's standard × the phase's and class's factors.
///
/// A phase's standard for a day is rounded half up to the fen; the days of a
/// phase are those of all cases of the service. A stay that is settled more
/// than once goes on where its last bill ended.
///
/// - `rest`: loses the cases that a standard names.
/// - Returns the amount and what is assessed of the cases, see [`assessment`]; `None` if a standard's service is
///   none of the pack's.
///
/// Source: PZH 四(三)3 (各阶段, 医疗机构的类别), LC 一.
pub(super) fn bed_day(
    rest: &mut Volume,
    standards: &[BedDayStandard],
    rules: &BedDayRules,
) -> Option<(Node, Vec<Node>)> {
    let phases: Vec<&[Phase]> = standards
        .iter()
        .map(|one| rules.services.get(&one.service).map(Vec::as_slice))
        .collect::<Option<_>>()?;
    let codes = || standards.iter().map(|one| one.disease_code.as_deref().unwrap_or(""));
    let taken = rest.take(|case| covering(&case.disease, codes()));
    let mut days: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    for (case, service) in &taken {
        for (phase, n_days) in by_phase(phases[*service], case).into_iter().enumerate() {
            *days.entry((*service, phase)).or_default() += n_days;
        }
    }
    let part = |((service, phase), n_days): ((usize, usize), i64)| {
        let (standard, phase) = (&standards[service], &phases[service][phase]);
        let n_days = Node::given("days", "床日数", "days", n_days);
        let name = format!("bed_day_fen/{}/{}", part_name(standard), phase.id);
        Node::product(&name, "床日应付", "fen", vec![n_days, phase_standard(standard, phase, rules)])
    };
    let parts = days.into_iter().filter(|(_, n_days)| *n_days > 0).map(part).collect();
    let cases: Vec<Case> = taken.into_iter().map(|(case, _)| case).collect();
    Some((Node::sum("bed_day_fen", "按床日应付", "fen", parts), assessment(&cases)))
}

fn part_name(standard: &BedDayStandard) -> String {
    match &standard.disease_code {
        Some(code) => format!("{}/{code}", standard.service),
        None => standard.service.clone(),
    }
}

/// What a day of a phase is worth.
fn phase_standard(standard: &BedDayStandard, phase: &Phase, rules: &BedDayRules) -> Node {
    let mut factors = vec![
        Node::fen("standard_per_day_fen", "床日定额", standard.per_day).clause("agreement"),
        Node::coefficient("phase_factor", "治疗阶段系数", phase.factor.value).clause(&phase.factor.cite),
    ];
    if let Some(class) = &rules.class_factor {
        factors.push(Node::coefficient("class_factor", "医疗机构类别系数", class.value).clause(&class.cite));
    }
    Node::product("phase_standard_fen", "阶段床日定额", "fen", factors).rounded_to_fen()
}

/// How many of a case's days fall into each phase.
fn by_phase(phases: &[Phase], case: &Case) -> Vec<i64> {
    let (first, last) = (case.days_before() + 1, case.days_before() + case.days);
    let ends = phases.iter().skip(1).map(|next| next.from_day - 1).chain([i64::MAX]);
    let days = |(phase, end): (&Phase, i64)| (last.min(end) - first.max(phase.from_day) + 1).max(0);
    phases.iter().zip(ends).map(days).collect()
}

/// Mean days of stay (平均住院天数) and mean cost of a day (日均费用), half up to two decimals; nothing without days.
///
/// Source: PZH 四(三)3 (考核评估).
fn assessment(cases: &[Case]) -> Vec<Node> {
    let n_days: i64 = cases.iter().map(|case| case.days).sum();
    if n_days == 0 {
        return Vec::new();
    }
    let days = || Node::given("days", "床日数", "days", n_days);
    let admissions = i64::try_from(cases.len()).expect("a month's cases can be counted");
    let admissions = Node::given("n_admissions", "住院人次", "admissions", admissions);
    let cost = Node::fen("cost_fen", "统筹基金费用", cases.iter().map(|case| case.cost).sum());
    vec![
        Node::quotient("average_stay", "平均住院天数", "days", days(), admissions, 2),
        Node::quotient("daily_cost_fen", "日均费用", "fen", cost, days(), 2),
    ]
}

#[cfg(test)]
pub(super) mod tests {
    use medfund_money::Fen;
    use proptest::prelude::*;

    use super::super::case::tests::{after, case, volume};
    use super::*;

    /// Phases from these days with these factors, cited as a default.
    pub(in crate::domain) fn phases(of: &[(i64, &str)]) -> Vec<Phase> {
        let phase = |(from_day, factor): &(i64, &str)| Phase {
            id: format!("from_{from_day}"),
            from_day: *from_day,
            factor: Cited::new(factor.parse().unwrap(), "default: no figure given"),
        };
        of.iter().map(phase).collect()
    }

    fn rules() -> BedDayRules {
        let three = phases(&[(1, "1.2"), (31, "1"), (91, "0.8")]);
        let services =
            BTreeMap::from([("psychiatric".to_owned(), three), ("hospice".to_owned(), phases(&[(1, "1")]))]);
        BedDayRules { services, class_factor: None }
    }

    fn standard(service: &str, code: Option<&str>, fen: i64) -> BedDayStandard {
        BedDayStandard {
            service: service.to_owned(),
            disease_code: code.map(str::to_owned),
            per_day: Fen::new(fen),
        }
    }

    #[test]
    fn the_narrowest_standard_takes_a_case_and_others_are_left() {
        let standards =
            [standard("psychiatric", Some("F20"), 30_000), standard("hospice", Some("Z51.5"), 20_000)];
        let mut rest = volume(&[("F20.900", 10, 1), ("Z51.500", 2, 1), ("J18.900", 4, 777)]);
        let (node, assessed) = bed_day(&mut rest, &standards, &rules()).unwrap();
        assert_eq!(node.amount(), Fen::new(10 * 36_000 + 2 * 20_000));
        assert_eq!((rest.n_admissions, rest.cost), (1, Fen::new(777)));
        assert!(node.find("bed_day_fen/psychiatric/F20/from_1").is_some());
        // 12 days of 2 admissions cost 0.02 yuan.
        let means: Vec<String> = assessed.iter().map(|mean| mean.value.to_string()).collect();
        assert_eq!(means, ["6", "0.17"]);
    }

    #[test]
    fn a_stay_that_was_settled_before_goes_on_in_its_phase() {
        let before = case("F20.900", 25, 0);
        let mut month = Volume::of(vec![after(&[&before], case("F20.900", 31, 0))]);
        let (node, _) = bed_day(&mut month, &[standard("psychiatric", None, 10_000)], &rules()).unwrap();
        // Days 26 to 30 at 120.00, days 31 to 56 at 100.00.
        assert_eq!(node.amount(), Fen::new(5 * 12_000 + 26 * 10_000));
    }

    #[test]
    fn a_service_that_the_pack_does_not_know_is_not_paid() {
        assert_eq!(bed_day(&mut Volume::default(), &[standard("luck", None, 1)], &rules()), None);
    }

    proptest! {
        #[test]
        fn every_day_is_in_one_phase_and_a_longer_stay_is_worth_no_less(
            days in 0..400_i64, before in 0..200_i64, more in 0..50_i64, fen in 1..100_000_i64, class in 500..1_500_i64,
        ) {
            let case = after(&[&case("F20", before, 0)], case("F20", days, 0));
            let mut rules = rules();
            prop_assert_eq!(by_phase(&rules.services["psychiatric"], &case).iter().sum::<i64>(), days);
            let class = rust_decimal::Decimal::new(class, 3).try_into().unwrap();
            rules.class_factor = Some(Cited::new(class, "default"));
            let paid = |days| {
                let mut month = Volume { cases: vec![Case { days, ..case.clone() }], n_admissions: 1, days, ..Volume::default() };
                bed_day(&mut month, &[standard("psychiatric", None, fen)], &rules).unwrap().0
            };
            prop_assert!(paid(days).amount() <= paid(days + more).amount());
            prop_assert!(paid(days).re_evaluate().is_ok());
        }

        #[test]
        fn one_stay_in_two_bills_is_worth_as_much_as_in_one(days in 2..400_i64, cut in 1..400_i64, fen in 1..100_000_i64) {
            let first = cut.min(days - 1);
            let whole = volume(&[("F20", days, 0)]);
            let half = case("F20", first, 0);
            let halves = Volume::of(vec![half.clone(), after(&[&half], case("F20", days - first, 0))]);
            let paid = |mut month: Volume| bed_day(&mut month, &[standard("psychiatric", None, fen)], &rules()).unwrap().0.amount();
            prop_assert_eq!(paid(whole), paid(halves));
        }
    }
}

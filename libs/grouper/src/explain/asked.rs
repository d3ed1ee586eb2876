//! What rules ask for, in words, with the codes of the case that meet it, or what the case has instead.

use std::fmt;

use super::Tried;
use super::entry::word_of;
use super::names::{Lists, lists_of, used};
use crate::case::Case;
use crate::engine::Holds;
use crate::scheme::{Anchor, List, Rule, Scheme, Test};

pub(super) struct Asked<'a> {
    pub(super) scheme: &'a Scheme,
    pub(super) case: &'a Case<'a>,
}

/// All tests of a rule; what leads to it stands first.
pub(super) fn tests(rule: &Rule) -> Vec<Test> {
    let anchor = match rule.anchor {
        Anchor::PrincipalDiagnosis(list) => Some(Test::PrincipalDiagnosis(list)),
        Anchor::PrincipalProcedure(list) => Some(Test::PrincipalProcedure(list)),
        Anchor::None => None,
    };
    anchor.into_iter().chain(rule.tests.iter().copied()).collect()
}

impl<'a> Asked<'a> {
    /// A rule or sub-group that was tried; `failed` is the number of its first test that does not hold.
    pub(super) fn tried(&self, lists: Lists<'_>, holds: Holds, failed: Option<usize>) -> Tried {
        let unknown = matches!(holds, Holds::Unknown(_));
        let has = failed.filter(|_| !unknown).and_then(|failed| self.has(lists, *lists.tests.get(failed)?));
        let asks = lists.tests.iter().map(|test| self.ask(lists, *test)).collect();
        Tried { variant: lists.owner.to_owned(), asks, failed, has, unknown, is_idle: false }
    }

    /// Whether tests ask for procedures in lists, and the case has none of any of these.
    pub(super) fn is_idle(&self, tests: &[Test]) -> bool {
        let of = |word| tests.iter().flat_map(move |test| lists_of(*test, word));
        let lists: Vec<List> = of("手术表").chain(of("主要手术表")).collect();
        let meets = |list| self.case.procedures.iter().any(|code| self.stands_in(code, list));
        !lists.is_empty() && !lists.into_iter().any(meets)
    }

    fn ask(&self, lists: Lists<'_>, test: Test) -> String {
        let diagnoses = |list, word| lists.named(self.scheme, List::OfDiagnoses, word, list);
        let procedures = |list, word| lists.named(self.scheme, List::OfProcedures, word, list);
        match test {
            Test::PrincipalDiagnosis(list) => {
                let met = self.met(lists, "主要诊断", self.diagnoses(0..1), List::OfDiagnoses(list));
                format!("{met}在 {}中", diagnoses(list, "主要诊断表"))
            }
            Test::AnyDiagnosis(list) => {
                let met = self.met(lists, "任一诊断", self.case.diagnoses, List::OfDiagnoses(list));
                format!("{met}在 {}中", diagnoses(list, "诊断表"))
            }
            Test::OtherDiagnosis(list) => {
                let others = self.diagnoses(1..usize::MAX);
                let met = self.met(lists, "其他诊断", others, List::OfDiagnoses(list));
                format!("{met}在 {}中", diagnoses(list, "其他诊断表"))
            }
            Test::PrincipalProcedure(list) => {
                let principal = &self.case.procedures[..self.case.procedures.len().min(1)];
                let met = self.met(lists, "主要手术", principal, List::OfProcedures(list));
                format!("{met}在 {}中", procedures(list, "主要手术表"))
            }
            Test::AnyProcedure(list) => {
                let met = self.met(lists, "任一手术", self.case.procedures, List::OfProcedures(list));
                format!("{met}在 {}中", procedures(list, "手术表"))
            }
            Test::DistinctProcedures(all) => match self.assigned(&all) {
                Some(codes) => {
                    let met = used(&all).zip(codes).map(|(list, code)| {
                        let met = self.met(lists, "手术", &[code], List::OfProcedures(list));
                        format!("{met}在 {}中", procedures(list, "手术表"))
                    });
                    met.collect::<Vec<_>>().join("，")
                }
                None => {
                    let each = used(&all).map(|list| procedures(list, "手术表")).collect::<Vec<_>>();
                    format!("{}各有一个手术", each.join("、"))
                }
            },
            Test::OperationOutside(list) => format!("有 {}以外的手术", procedures(list, "手术表")),
            Test::SomeOperation => "有手术".to_owned(),
            Test::NoOperation => "无手术".to_owned(),
            Test::NewbornDiagnosis => "主要诊断源于新生儿期".to_owned(),
            Test::Newborn => "年龄小于 29 天".to_owned(),
            Test::Infant => "年龄 29 天至不足 1 周岁".to_owned(),
            Test::BirthWeight(0, below) => format!("出生体重小于 {below} 克"),
            Test::BirthWeight(from, u16::MAX) => format!("出生体重 {from} 克及以上"),
            Test::BirthWeight(from, below) => format!("出生体重 {from} 克至不足 {below} 克"),
            Test::AgeYears(from, to) => band("年龄", from, to, u16::MAX, "岁"),
            Test::AgeDays(from, to) => band("年龄", from, to, u32::MAX, "天"),
            Test::StayDays(from, to) => band("住院", from, to, u16::MAX, "天"),
            Test::OfSex(sex) => word_of(sex).to_owned(),
            Test::Severity(any_of) => {
                let names = [(2, "有 MCC"), (1, "有 CC"), (0, "无 MCC 和 CC")];
                let asked = names.into_iter().filter(|(severity, _)| any_of[*severity]);
                asked.map(|(_, name)| name).collect::<Vec<_>>().join("或")
            }
        }
    }

    /// What the case has where the test does not hold; none where that says no more than the test.
    fn has(&self, lists: Lists<'_>, test: Test) -> Option<String> {
        let procedures = self.case.procedures;
        match test {
            Test::PrincipalDiagnosis(_) | Test::NewbornDiagnosis => {
                Some(format!("主要诊断为 {}", self.case.diagnoses.first()?))
            }
            Test::OtherDiagnosis(_) if self.case.diagnoses.len() < 2 => Some("没有其他诊断".to_owned()),
            Test::PrincipalProcedure(_)
            | Test::AnyProcedure(_)
            | Test::DistinctProcedures(_)
            | Test::OperationOutside(_)
            | Test::SomeOperation
                if procedures.is_empty() =>
            {
                Some("没有手术".to_owned())
            }
            Test::PrincipalProcedure(_) => Some(format!("主要手术为 {}", procedures[0])),
            Test::DistinctProcedures(all) => {
                let met = |list| procedures.iter().find(|code| self.stands_in(code, list));
                let place = |list| {
                    let name = lists.name(list, "手术表");
                    met(list).map_or_else(|| format!("{name} 没有"), |code| format!("{name} 有 {code}"))
                };
                let places = used(&all).map(List::OfProcedures).map(place).collect::<Vec<_>>().join("，");
                let is_once = used(&all).map(List::OfProcedures).all(|list| met(list).is_some());
                Some(format!(" {places}{}", if is_once { "，但同一手术不算两次" } else { "" }))
            }
            Test::NoOperation => Some(format!("有手术 {}", procedures.join("、"))),
            Test::Newborn | Test::Infant | Test::AgeDays(..) => {
                Some(format!("年龄 {} 天", self.case.facts().days_old.ok()?))
            }
            Test::AgeYears(..) => Some(format!("年龄 {} 岁", self.case.facts().years_old.ok()?)),
            Test::BirthWeight(..) => Some(format!("出生体重 {} 克", self.case.birth_weight_g?)),
            Test::StayDays(..) => Some(format!("住院 {} 天", self.case.stay_days?)),
            Test::OfSex(_) => Some(word_of(self.case.sex?).to_owned()),
            Test::AnyDiagnosis(_)
            | Test::OtherDiagnosis(_)
            | Test::AnyProcedure(_)
            | Test::OperationOutside(_)
            | Test::SomeOperation
            | Test::Severity(_) => None,
        }
    }

    fn diagnoses(&self, range: std::ops::Range<usize>) -> &'a [&'a str] {
        let len = self.case.diagnoses.len();
        &self.case.diagnoses[range.start.min(len)..range.end.min(len)]
    }

    /// Who meets the list, with what took its category in: `主要手术 36.0601（属“36.06-36.07 支架”）`.
    fn met(&self, lists: Lists<'_>, who: &str, codes: &[&str], list: List) -> String {
        let Some(code) = codes.iter().find(|code| self.stands_in(code, list)) else { return who.to_owned() };
        let id = match list {
            List::OfDiagnoses(_) => self.scheme.diagnosis_codes.find(code),
            List::OfProcedures(_) => self.scheme.procedure_codes.find(code),
        };
        let item = id.and_then(|id| lists.item(self.scheme, list, id));
        let item = item.map_or_else(|| " ".to_owned(), |item| format!("（属“{item}”）"));
        format!("{who} {code}{item}")
    }

    fn stands_in(&self, code: &str, list: List) -> bool {
        match list {
            List::OfDiagnoses(list) => {
                let id = self.scheme.diagnosis_codes.find(code);
                let lists = id.map(|id| self.scheme.diagnoses[id as usize].lists);
                lists.is_some_and(|lists| lists.of(&self.scheme.diagnosis_lists).contains(&list))
            }
            List::OfProcedures(list) => {
                let id = self.scheme.procedure_codes.find(code);
                let lists = id.map(|id| self.scheme.procedures[id as usize].lists);
                lists.is_some_and(|lists| lists.of(&self.scheme.procedure_lists).contains(&list))
            }
        }
    }

    /// For each list a procedure of its own, if there are.
    fn assigned(&self, lists: &[u16; 4]) -> Option<Vec<&'a str>> {
        let mut taken = Vec::new();
        self.assign(&used(lists).collect::<Vec<_>>(), &mut taken)
            .then(|| taken.into_iter().map(|place: usize| self.case.procedures[place]).collect())
    }

    fn assign(&self, lists: &[u16], taken: &mut Vec<usize>) -> bool {
        let Some(&list) = lists.get(taken.len()) else { return true };
        (0..self.case.procedures.len()).any(|place| {
            let fits = !taken.contains(&place)
                && self.stands_in(self.case.procedures[place], List::OfProcedures(list));
            if fits {
                taken.push(place);
                if self.assign(lists, taken) {
                    return true;
                }
                taken.pop();
            }
            false
        })
    }
}

/// `年龄不超过 6 岁`, `住院 7 至 14 天`, `年龄 70 岁及以上`.
fn band<N: PartialEq + From<u8> + fmt::Display>(what: &str, from: N, to: N, open: N, unit: &str) -> String {
    match (from == N::from(0), to == open) {
        (true, _) => format!("{what}不超过 {to} {unit}"),
        (false, true) => format!("{what} {from} {unit}及以上"),
        (false, false) => format!("{what} {from} 至 {to} {unit}"),
    }
}

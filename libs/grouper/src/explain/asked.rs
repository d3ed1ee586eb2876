//! What rules ask for, in words, with the codes of the case that meet it, or what the case has instead.

use std::fmt;

use super::Tried;
use crate::case::{Case, Sex};
use crate::engine::Holds;
use crate::scheme::{Anchor, NO_LIST, Rule, Scheme, Span, Test};

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
    pub(super) fn tried(&self, variant: &str, tests: &[Test], holds: Holds, failed: Option<usize>) -> Tried {
        let unknown = matches!(holds, Holds::Unknown(_));
        let has = failed.filter(|_| !unknown).and_then(|failed| self.has(*tests.get(failed)?));
        let asks = tests.iter().map(|test| self.ask(*test)).collect();
        Tried { variant: variant.to_owned(), asks, failed, has, unknown }
    }

    fn ask(&self, test: Test) -> String {
        match test {
            Test::PrincipalDiagnosis(list) => self.of_diagnoses("主要诊断", self.diagnoses(0..1), list),
            Test::AnyDiagnosis(list) => self.of_diagnoses("任一诊断", self.case.diagnoses, list),
            Test::OtherDiagnosis(list) => self.of_diagnoses("其他诊断", self.diagnoses(1..usize::MAX), list),
            Test::PrincipalProcedure(list) => {
                let principal = &self.case.procedures[..self.case.procedures.len().min(1)];
                self.of_procedures("主要手术", principal, list)
            }
            Test::AnyProcedure(list) => self.of_procedures("任一手术", self.case.procedures, list),
            Test::DistinctProcedures(lists) => {
                let sizes: Vec<String> =
                    used(&lists).map(|list| self.n_procedures(list).to_string()).collect();
                format!("{} 个手术表（{} 个{}）各有一个手术", sizes.len(), sizes.join("、"), self.unit())
            }
            Test::OperationOutside(_) => "有所除外手术表以外的手术".to_owned(),
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
    fn has(&self, test: Test) -> Option<String> {
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
            Test::DistinctProcedures(lists) => {
                let place = |(n, list): (usize, u16)| match self.meeting(procedures, list) {
                    Some(code) => format!("第 {} 表有 {code}", n + 1),
                    None => format!("第 {} 表没有", n + 1),
                };
                Some(used(&lists).enumerate().map(place).collect::<Vec<_>>().join("，"))
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

    fn of_diagnoses(&self, who: &str, codes: &[&'a str], list: u16) -> String {
        let table = &self.scheme.diagnosis_lists;
        let meets = |code: &&&str| {
            let id = self.scheme.diagnosis_codes.find(code);
            id.is_some_and(|id| self.scheme.diagnoses[id as usize].lists.of(table).contains(&list))
        };
        let n = n_in(self.scheme.diagnoses.iter().map(|diagnosis| diagnosis.lists), table, list);
        self.in_table(who, codes.iter().find(meets), "诊断表", n)
    }

    fn of_procedures(&self, who: &str, codes: &[&'a str], list: u16) -> String {
        self.in_table(who, self.meeting(codes, list), "手术表", self.n_procedures(list))
    }

    /// The first of the procedures that stands in the list.
    fn meeting<'c>(&self, codes: &'c [&'a str], list: u16) -> Option<&'c &'a str> {
        codes.iter().find(|code| {
            let id = self.scheme.procedure_codes.find(code);
            let lists = id.map(|id| self.scheme.procedures[id as usize].lists);
            lists.is_some_and(|lists| lists.of(&self.scheme.procedure_lists).contains(&list))
        })
    }

    fn n_procedures(&self, list: u16) -> usize {
        let lists = self.scheme.procedures.iter().map(|procedure| procedure.lists);
        n_in(lists, &self.scheme.procedure_lists, list)
    }

    fn in_table(&self, who: &str, found: Option<&&str>, table: &str, n: usize) -> String {
        let who = found.map_or_else(|| who.to_owned(), |code| format!("{who} {code} "));
        format!("{who}在其{table}（{n} 个{}）中", self.unit())
    }

    fn unit(&self) -> &'static str {
        if self.scheme.is_by_category() { "类目" } else { "编码" }
    }
}

fn used(lists: &[u16; 4]) -> impl Iterator<Item = u16> {
    lists.iter().copied().filter(|&list| list != NO_LIST)
}

fn n_in(members: impl Iterator<Item = Span>, table: &[u16], list: u16) -> usize {
    members.filter(|lists| lists.of(table).contains(&list)).count()
}

fn word_of(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "男性",
        Sex::Female => "女性",
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

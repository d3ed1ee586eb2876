//! What the scheme's tables are called, as the official ones are, and how many codes they hold.

use crate::scheme::{Diagnosis, List, NO_LIST, Scheme, Table, Test};
use crate::source::EXCLUDED_BY_NONE;

/// A list of a rule or a sub-group, as it is asked for.
#[derive(Clone, Copy)]
pub(super) struct Lists<'a> {
    /// The rule (`JA1_2`) or the DRG.
    pub(super) owner: &'a str,
    /// All tests, to tell lists of one kind apart by their numbers.
    pub(super) tests: &'a [Test],
    /// Names that the tables give.
    pub(super) tables: &'a [Table],
}

impl Lists<'_> {
    /// `FM1 主要手术表（128 个编码）`.
    pub(super) fn named(&self, scheme: &Scheme, of: fn(u16) -> List, word: &str, list: u16) -> String {
        let list = of(list);
        sized(self.name(list, word), n_in(scheme, list), scheme)
    }

    /// `JA1 手术表 4`.
    pub(super) fn name(&self, list: List, word: &str) -> String {
        let own = self.tables.iter().find(|table| table.list == list && !table.name.is_empty());
        if let Some(table) = own {
            return table.name.clone();
        }
        let alike: Vec<List> = self.tests.iter().flat_map(|test| lists_of(*test, word)).collect();
        let number = alike.iter().position(|other| *other == list).filter(|_| alike.len() > 1);
        let number = number.map(|place| format!(" {}", place + 1)).unwrap_or_default();
        format!("{} {word}{number}", self.owner)
    }

    /// What took the category of a code that stands in the list into it: `36.06-36.07 支架`.
    pub(super) fn item<'s>(&self, scheme: &'s Scheme, list: List, code: u32) -> Option<&'s str> {
        let table = self.tables.iter().find(|table| table.list == list)?;
        let behind = table.items.partition_point(|&(from, _)| from <= code);
        let (_, item) = table.items.get(behind.checked_sub(1)?)?;
        scheme.items.get(usize::from(*item)).map(String::as_str)
    }
}

/// The lists of a test that go by the word.
pub(super) fn lists_of(test: Test, word: &str) -> Vec<List> {
    let (lists, its_word) = match test {
        Test::PrincipalDiagnosis(list) => (vec![List::OfDiagnoses(list)], "主要诊断表"),
        Test::AnyDiagnosis(list) => (vec![List::OfDiagnoses(list)], "诊断表"),
        Test::OtherDiagnosis(list) => (vec![List::OfDiagnoses(list)], "其他诊断表"),
        Test::PrincipalProcedure(list) => (vec![List::OfProcedures(list)], "主要手术表"),
        Test::AnyProcedure(list) | Test::OperationOutside(list) => (vec![List::OfProcedures(list)], "手术表"),
        Test::DistinctProcedures(lists) => (used(&lists).map(List::OfProcedures).collect(), "手术表"),
        Test::SomeOperation
        | Test::NoOperation
        | Test::NewbornDiagnosis
        | Test::Newborn
        | Test::Infant
        | Test::BirthWeight(..)
        | Test::AgeYears(..)
        | Test::AgeDays(..)
        | Test::StayDays(..)
        | Test::OfSex(_)
        | Test::Severity(_) => (Vec::new(), ""),
    };
    if its_word == word { lists } else { Vec::new() }
}

pub(super) fn used(lists: &[u16; 4]) -> impl Iterator<Item = u16> {
    lists.iter().copied().filter(|&list| list != NO_LIST)
}

pub(super) fn n_in(scheme: &Scheme, list: List) -> usize {
    match list {
        List::OfDiagnoses(list) => {
            let stand_in = |one: &&Diagnosis| one.lists.of(&scheme.diagnosis_lists).contains(&list);
            scheme.diagnoses.iter().filter(stand_in).count()
        }
        List::OfProcedures(list) => {
            let lists = scheme.procedures.iter().map(|one| one.lists.of(&scheme.procedure_lists));
            lists.filter(|lists| lists.contains(&list)).count()
        }
    }
}

/// What the lists of a scheme hold.
pub(super) fn unit(scheme: &Scheme) -> &'static str {
    if scheme.is_by_category() { "类目" } else { "编码" }
}

fn sized(name: String, n_codes: usize, scheme: &Scheme) -> String {
    format!("{name}（{n_codes} 个{}）", unit(scheme))
}

/// `MDCF 主诊表（1834 个编码）`.
pub(super) fn principal_table(scheme: &Scheme, mdc: u8) -> String {
    let n_codes = scheme.diagnoses.iter().filter(|diagnosis| diagnosis.mdcs & (1 << mdc) != 0).count();
    sized(format!("{} 主诊表", scheme.mdc_code(mdc)), n_codes, scheme)
}

/// `MCC 表（4678 个编码）`.
pub(super) fn complication_table(scheme: &Scheme, is_major: bool) -> String {
    let stands_in = |one: &&Diagnosis| if is_major { one.mcc != 0 } else { one.cc != 0 };
    let n_codes = scheme.diagnoses.iter().filter(stands_in).count();
    sized(if is_major { "MCC 表" } else { "CC 表" }.to_owned(), n_codes, scheme)
}

/// `排除表 7（45 个编码）`, with its name if it has one; `None` where nothing excludes.
pub(super) fn exclusion_table(scheme: &Scheme, number: u16) -> Option<String> {
    let n_codes = scheme.diagnoses.iter().filter(|diagnosis| diagnosis.excluded_by == number).count();
    let named = scheme.exclusion_names.iter().find(|(of, _)| *of == number);
    let name = named.map(|(_, name)| format!("“{name}”")).unwrap_or_default();
    (number != EXCLUDED_BY_NONE).then(|| sized(format!("排除表 {number}{name}"), n_codes, scheme))
}

/// A group's code, and its name if the tables give one.
pub(super) fn named(code: &str, name: &str) -> String {
    if name.is_empty() { code.to_owned() } else { format!("{code} {name}") }
}

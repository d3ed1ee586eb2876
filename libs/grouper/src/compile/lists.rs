use std::collections::{BTreeSet, HashMap};

use crate::source::{Codes, Source, TestSource};

/// Each different list of codes once, by number.
pub(super) struct Lists<'s> {
    pub(super) diagnosis: HashMap<&'s Codes, u16>,
    pub(super) procedure: HashMap<&'s Codes, u16>,
}

impl<'s> Lists<'s> {
    pub(super) fn of(source: &'s Source) -> Self {
        Self {
            diagnosis: numbered(tests(source).filter_map(TestSource::diagnoses)),
            procedure: numbered(tests(source).filter_map(TestSource::procedures)),
        }
    }
}

/// Every test of a rule or a sub-group.
fn tests(source: &Source) -> impl Iterator<Item = &TestSource> {
    let of_divisions = source.divisions.iter().flat_map(|division| &division.tests);
    source.rules.iter().flat_map(|rule| &rule.tests).chain(of_divisions)
}

fn numbered<'s>(lists: impl Iterator<Item = &'s Codes>) -> HashMap<&'s Codes, u16> {
    let mut numbers = HashMap::new();
    for codes in lists {
        let next = u16::try_from(numbers.len()).expect("a scheme has fewer lists");
        numbers.entry(codes).or_insert(next);
    }
    numbers
}

/// Every diagnosis that a table names.
pub(crate) fn named_diagnoses(source: &Source) -> BTreeSet<&str> {
    let in_rules = tests(source).filter_map(TestSource::diagnoses);
    let in_entries = source.mdcs.iter().flat_map(|mdc| mdc.entry.lists());
    let weighed = source.mcc.keys().chain(source.cc.keys()).chain(source.excluded_by.keys());
    in_rules.chain(in_entries).flatten().chain(weighed).map(String::as_str).collect()
}

/// Every procedure that a table names.
pub(crate) fn named_procedures(source: &Source) -> BTreeSet<&str> {
    let in_tests = tests(source).filter_map(TestSource::procedures).flatten();
    in_tests.chain(&source.valid_procedures).map(String::as_str).collect()
}

/// Every diagnosis that a table or code list names.
pub(crate) fn all_diagnoses(source: &Source) -> BTreeSet<&str> {
    let listed = source.diagnoses.iter().chain(&source.grey_diagnoses);
    named_diagnoses(source).into_iter().chain(listed.map(String::as_str)).collect()
}

/// Every procedure that a table or code list names.
pub(crate) fn all_procedures(source: &Source) -> BTreeSet<&str> {
    let listed = source.procedures.iter().chain(&source.grey_procedures);
    named_procedures(source).into_iter().chain(listed.map(String::as_str)).collect()
}

/// Every procedure that a rule names.
pub(super) fn in_rules(source: &Source) -> impl Iterator<Item = &String> {
    source.rules.iter().flat_map(|rule| &rule.tests).filter_map(TestSource::procedures).flatten()
}

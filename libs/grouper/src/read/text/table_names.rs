use std::collections::BTreeMap;

use super::sections::{List, Section};
use super::ways::procedures_of;
use crate::source::{Codes, TableSource, TestSource};

/// What the published text calls the lists of a rule, by the place of the test: those with a number
/// (`手术表 4`), and those of another ADRG that it names (`见 IJ1 手术表`).
pub(super) fn of(section: &Section, tests: &[TestSource], all: &[Section]) -> BTreeMap<usize, TableSource> {
    let named = tests.iter().enumerate().filter_map(|(place, test)| {
        let name = name(section, test.procedures()?, all)?;
        Some((place, TableSource { name, ..TableSource::default() }))
    });
    named.collect()
}

fn name(section: &Section, codes: &Codes, all: &[Section]) -> Option<String> {
    let is_numbered = |list: &&List| list.words.ends_with(|c: char| c.is_ascii_digit());
    match section.lists().find(|list| list.codes == *codes) {
        Some(own) => Some(own).filter(is_numbered).map(|list| {
            let number = list.words.trim_start_matches(|c: char| !c.is_ascii_digit());
            format!("{} 手术表 {number}", section.code)
        }),
        None => {
            let is_it = |other: &&Section| procedures_of(&other.code, all).as_ref() == Ok(codes);
            all.iter().find(is_it).map(|other| format!("{} 手术表", other.code))
        }
    }
}

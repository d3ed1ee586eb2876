//! The text layout of schemes 1.0, 1.0-revised, 1.1 and 1.1-beijing: the official wording, a line a code.

mod complications;
mod formula;
mod sections;
mod table_names;
mod titles;
mod ways;

use std::collections::BTreeMap;

use super::lines::unwrapped;
use super::tables::Tables;
use super::whole::expect_whole;
use crate::choices::{NewbornSurgery, Operations, Position};
use crate::source::{Codes, DrgSource, EntrySource, MdcSource, RuleSource, Source, TestSource};
use sections::{DETAIL, Section};

const VALID: &str = "effective/SS_VALID.dat";

/// The files of this layout, all of which it needs.
pub(super) const FILES: [&str; 7] =
    ["1_MDC.txt", "2_ADRG.txt", "3_DRG.txt", DETAIL, "5_MCC.txt", "6_CC.txt", "7_CCE.txt"];

pub(super) fn read(tables: &mut Tables<'_>, source: &mut Source) {
    let mdc_names = names(tables, "1_MDC.txt");
    source.adrg_names = names(tables, "2_ADRG.txt");
    let drgs = names(tables, "3_DRG.txt");
    source.drgs = drgs.into_iter().map(|(code, name)| DrgSource { code, name }).collect();
    let sections = sections::read(tables);
    add_mdcs(tables, source, mdc_names, &sections);
    for section in sections.iter().filter(|section| section.code.len() == 3) {
        match rules(section, &sections) {
            Ok((rules, notes)) => {
                source.rules.extend(rules);
                notes.into_iter().for_each(|note| tables.tell(DETAIL, section.line, note));
            }
            Err(what) => tables.tell(DETAIL, section.line, format!("{}: {what}", section.code)),
        }
    }
    complications::read(tables, source);
    source.choices.newborn_surgery = NewbornSurgery::Age;
    source.choices.operations = Operations::Rules;
    if tables.has(VALID) {
        source.valid_procedures = tables.codes(VALID, 0);
        tables.expect_some(VALID, source.valid_procedures.is_empty());
    }
    expect_whole(tables, source, complications::files(tables));
}

/// `code name` lines.
fn names(tables: &mut Tables<'_>, file: &'static str) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for (line, content) in tables.lines(file) {
        match content.split_once([' ', '\t']) {
            Some((code, name)) if code.is_ascii() && (3..=4).contains(&code.len()) => {
                if names.insert(code.to_owned(), unwrapped(name)).is_some() {
                    tables.tell(file, line, format!("{code} stands twice"));
                }
            }
            _ => tables.tell(file, line, format!("no code and name: {content}")),
        }
    }
    tables.expect_some(file, names.is_empty());
    names
}

/// Adds the MDCs; how HIV and trauma count is read from what stands over their tables.
fn add_mdcs(
    tables: &mut Tables<'_>,
    source: &mut Source,
    names: BTreeMap<String, String>,
    sections: &[Section],
) {
    for (code, name) in names {
        let Some(section) = sections.iter().find(|section| section.code == code) else {
            tables.lose(DETAIL, &format!("{code} has no section"));
            continue;
        };
        // Some headings stand over another heading and no code.
        let lists: Vec<Codes> =
            section.lists().map(|list| list.codes.clone()).filter(|codes| !codes.is_empty()).collect();
        let principal = section.lists().all(|list| list.words.contains("主要诊断"));
        let position = if principal { Position::Principal } else { Position::Any };
        match &code[3..] {
            "Y" => source.choices.hiv = position,
            "Z" => source.choices.trauma = position,
            _ => {}
        }
        if lists.is_empty() && &code[3..] != "A" {
            tables.tell(DETAIL, section.line, format!("{code} has no table of principal diagnoses"));
        }
        let regions = section.regions().cloned().collect();
        source.mdcs.push(MdcSource { entry: EntrySource::of_letter(&code[3..], lists), code, name, regions });
    }
}

/// The ways into a section's ADRG as rules, and what was remarkable.
fn rules(section: &Section, all: &[Section]) -> Result<(Vec<RuleSource>, Vec<String>), String> {
    let mut notes = Vec::new();
    let mut ways = ways::ways(section, all)?;
    if ways.is_empty() {
        ways = vec![titles::tests_of(section, all)?];
        notes.push(format!("{} has no rule; its title stands for it: {}", section.code, section.title));
    } else if titles::wants_operation(section, &ways) {
        for way in &mut ways {
            way.push(TestSource::SomeOperation);
        }
        notes.push(format!("{} names diagnoses; the operation is in its title only", section.code));
    }
    let age = titles::age_tests(section);
    let alone = ways.len() == 1;
    let rules = ways.into_iter().zip(1..).map(|(mut tests, number)| {
        tests.extend(age.iter().cloned());
        let variant = if alone { section.code.clone() } else { format!("{}_{number}", section.code) };
        RuleSource {
            adrg: section.code.clone(),
            variant,
            tables: table_names::of(section, &tests, all),
            tests,
            file: DETAIL.to_owned(),
            line: section.line,
        }
    });
    Ok((rules.collect(), notes))
}

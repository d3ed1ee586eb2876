use std::collections::HashMap;

use super::lists::{Lists, in_rules};
use crate::choices::Operations;
use crate::codes::CodeTable;
use crate::scheme::{Anchor, Diagnosis, Procedure, Scheme, Span};
use crate::source::{Codes, EntrySource, MdcSource, Source, TestSource};

/// Notes for each diagnosis what it weighs and where it leads.
pub(super) fn weigh_diagnoses(scheme: &mut Scheme, source: &Source, mdcs: &[&MdcSource]) {
    let Scheme { diagnosis_codes, diagnoses, .. } = scheme;
    let mut set = |code: &String, change: &dyn Fn(&mut Diagnosis)| {
        let id = diagnosis_codes.id(code).expect("every code of a table is interned");
        change(&mut diagnoses[id as usize]);
    };
    source.mcc.iter().for_each(|(code, &table)| set(code, &|d| d.mcc = table));
    source.cc.iter().for_each(|(code, &table)| set(code, &|d| d.cc = table));
    source.excluded_by.iter().for_each(|(code, &table)| set(code, &|d| d.excluded_by = table));
    source.grey_diagnoses.iter().for_each(|code| set(code, &|d| d.grey = true));
    for (mdc, number) in mdcs.iter().zip(0_u32..) {
        match &mdc.entry {
            EntrySource::AnyRule => {}
            EntrySource::Newborn(codes) if codes.is_empty() => {
                let rules = source.rules.iter().filter(|rule| rule.adrg.starts_with('P'));
                let lists = rules.flat_map(|rule| &rule.tests).filter_map(TestSource::diagnoses);
                lists.flatten().for_each(|code| set(code, &|d| d.mdcs |= 1 << number));
            }
            EntrySource::Hiv(codes) => codes.iter().for_each(|code| set(code, &|d| d.hiv = true)),
            EntrySource::Trauma(regions) => {
                for (codes, region) in regions.iter().zip(0_u16..16) {
                    codes.iter().for_each(|code| set(code, &|d| d.trauma |= 1 << region));
                }
            }
            EntrySource::Newborn(codes)
            | EntrySource::Principal(codes)
            | EntrySource::MalePrincipal(codes)
            | EntrySource::FemalePrincipal(codes) => {
                codes.iter().for_each(|code| set(code, &|d| d.mdcs |= 1 << number));
            }
        }
    }
}

/// Notes for each procedure whether it is an operation, and whether it is grey.
pub(super) fn weigh_procedures(scheme: &mut Scheme, source: &Source) {
    let Scheme { procedure_codes, procedures, .. } = scheme;
    let mut set = |code: &String, change: &dyn Fn(&mut Procedure)| {
        let id = procedure_codes.id(code).expect("every code of a table is interned");
        change(&mut procedures[id as usize]);
    };
    match source.choices.operations {
        Operations::Table => {
            source.valid_procedures.iter().for_each(|code| set(code, &|p| p.operation = true))
        }
        Operations::Rules => in_rules(source).for_each(|code| set(code, &|p| p.operation = true)),
    }
    source.grey_procedures.iter().for_each(|code| set(code, &|p| p.grey = true));
}

/// Notes for each code the lists it stands in and the rules it leads to.
pub(super) fn index(scheme: &mut Scheme, lists: &Lists<'_>) {
    let mut led_by_diagnosis: HashMap<u16, Vec<u16>> = HashMap::new();
    let mut led_by_procedure: HashMap<u16, Vec<u16>> = HashMap::new();
    for (rule, number) in scheme.rules.iter().zip(0..) {
        match rule.anchor {
            Anchor::PrincipalDiagnosis(list) => led_by_diagnosis.entry(list).or_default().push(number),
            Anchor::PrincipalProcedure(list) => led_by_procedure.entry(list).or_default().push(number),
            Anchor::None => {}
        }
    }
    let of_diagnoses = memberships(&lists.diagnosis, &scheme.diagnosis_codes);
    for (diagnosis, member_of) in scheme.diagnoses.iter_mut().zip(&of_diagnoses) {
        diagnosis.rules = append(&mut scheme.diagnosis_rules, rules_of(member_of, &led_by_diagnosis));
        diagnosis.lists = append(&mut scheme.diagnosis_lists, member_of.clone());
    }
    let of_procedures = memberships(&lists.procedure, &scheme.procedure_codes);
    for (procedure, member_of) in scheme.procedures.iter_mut().zip(&of_procedures) {
        procedure.rules = append(&mut scheme.procedure_rules, rules_of(member_of, &led_by_procedure));
        procedure.lists = append(&mut scheme.procedure_lists, member_of.clone());
    }
}

/// For every code the lists it stands in, ascending.
fn memberships(lists: &HashMap<&Codes, u16>, codes: &CodeTable) -> Vec<Vec<u16>> {
    let mut member_of = vec![Vec::new(); codes.len()];
    for (list, &number) in lists {
        for code in *list {
            member_of[codes.id(code).expect("every code of a list is interned") as usize].push(number);
        }
    }
    member_of.iter_mut().for_each(|numbers| numbers.sort_unstable());
    member_of
}

fn rules_of(member_of: &[u16], led: &HashMap<u16, Vec<u16>>) -> Vec<u16> {
    let mut rules: Vec<u16> = member_of.iter().filter_map(|list| led.get(list)).flatten().copied().collect();
    rules.sort_unstable();
    rules
}

fn append(table: &mut Vec<u16>, entries: Vec<u16>) -> Span {
    let start = u32::try_from(table.len()).expect("a scheme's tables are small");
    let len = u16::try_from(entries.len()).expect("a code stands in few lists");
    table.extend(entries);
    Span { start, len }
}

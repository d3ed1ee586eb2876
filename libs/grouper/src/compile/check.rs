//! What the tables contradict themselves in.

use std::collections::HashMap;

use super::lists;
use crate::choices::Operations;
use crate::source::{Anomaly, Codes, EntrySource, RuleSource, Source, TestSource};

/// A part of the body is a bit of sixteen.
const MOST_REGIONS: usize = 16;

/// Everything found wrong in the tables, before they are compiled.
pub(super) fn check(source: &Source) -> Vec<Anomaly> {
    let mut anomalies = Vec::new();
    unlisted(source, &mut anomalies);
    outside_of_their_mdc(source, &mut anomalies);
    shadowed(source, &mut anomalies);
    never_asked(source, &mut anomalies);
    if source.choices.operations == Operations::Table && source.valid_procedures.is_empty() {
        let what = "operations are to be those of a table of valid procedures, but there is none".to_owned();
        anomalies.push(Anomaly::at(&source.name, 0, what));
    }
    anomalies
}

/// Codes that a table names and the code lists do not know, once for each table.
fn unlisted(source: &Source, anomalies: &mut Vec<Anomaly>) {
    let mut tell = |kind: &str, code: &str| {
        let mut owners: Vec<&str> = source.places.owners(code).collect();
        owners.sort_unstable();
        for owner in owners {
            let what = format!("{owner}: {kind} {code} stands in no code list");
            anomalies.push(source.places.anomaly(owner, code, what));
        }
    };
    if !source.diagnoses.is_empty() {
        let unknown =
            |code: &&str| !source.diagnoses.contains(*code) && !source.grey_diagnoses.contains(*code);
        lists::all_diagnoses(source).into_iter().filter(unknown).for_each(|code| tell("diagnosis", code));
    }
    if !source.procedures.is_empty() {
        let unknown =
            |code: &&str| !source.procedures.contains(*code) && !source.grey_procedures.contains(*code);
        lists::all_procedures(source).into_iter().filter(unknown).for_each(|code| tell("procedure", code));
    }
}

/// Principal diagnoses of an ADRG that do not lead to its MDC, so that they never count.
fn outside_of_their_mdc(source: &Source, anomalies: &mut Vec<Anomaly>) {
    for mdc in &source.mdcs {
        let table: Codes = match &mdc.entry {
            EntrySource::Trauma(regions) if regions.len() > MOST_REGIONS => {
                let what = format!(
                    "{} has more than {MOST_REGIONS} parts of the body; the rest is left out",
                    mdc.code
                );
                anomalies.push(Anomaly::at(&source.name, 0, what));
                continue;
            }
            EntrySource::AnyRule | EntrySource::Hiv(_) | EntrySource::Trauma(_) => continue,
            EntrySource::Newborn(codes) if codes.is_empty() => continue,
            EntrySource::Newborn(codes)
            | EntrySource::Principal(codes)
            | EntrySource::MalePrincipal(codes)
            | EntrySource::FemalePrincipal(codes) => codes.clone(),
        };
        for rule in source.rules.iter().filter(|rule| mdc.code.get(3..) == rule.adrg.get(..1)) {
            let Some(codes) = principal_diagnoses(rule) else { continue };
            for code in codes.difference(&table) {
                let what = format!("{}: {code} does not stand in the table of {}", rule.variant, mdc.code);
                let noted =
                    [&rule.variant, &rule.adrg].map(|owner| source.places.anomaly(owner, code, what.clone()));
                let [by_variant, by_adrg] = noted;
                anomalies.push(if by_variant.line > 0 { by_variant } else { by_adrg });
            }
        }
    }
}

fn principal_diagnoses(rule: &RuleSource) -> Option<&Codes> {
    rule.tests
        .iter()
        .find_map(|test| if let TestSource::PrincipalDiagnosis(codes) = test { Some(codes) } else { None })
}

/// Rules without a procedure in an MDC that only cases with procedures come into (先期分组).
fn never_asked(source: &Source, anomalies: &mut Vec<Anomaly>) {
    for mdc in source.mdcs.iter().filter(|mdc| matches!(mdc.entry, EntrySource::AnyRule)) {
        let own = source.rules.iter().filter(|rule| mdc.code.get(3..) == rule.adrg.get(..1));
        for rule in own.filter(|rule| rule.tests.iter().all(|test| test.procedures().is_none())) {
            let what =
                format!("{}: takes no case without a procedure, though it asks for none", rule.variant);
            anomalies.push(source.places.anomaly(&rule.variant, &rule.adrg, what));
        }
    }
}

/// Codes that alone lead to two ADRGs of one MDC: the later one never gets them.
fn shadowed(source: &Source, anomalies: &mut Vec<Anomaly>) {
    let mut first: HashMap<(&str, bool, &str), &RuleSource> = HashMap::new();
    let mut lost: HashMap<&str, (usize, usize, &RuleSource, &RuleSource)> = HashMap::new();
    for rule in &source.rules {
        let (codes, procedures) = match rule.tests.as_slice() {
            [TestSource::PrincipalDiagnosis(codes)] => (codes, false),
            [TestSource::PrincipalProcedure(codes)] => (codes, true),
            _ => continue,
        };
        for code in codes {
            let earlier = *first.entry((&rule.adrg[..1], procedures, code)).or_insert(rule);
            if earlier.adrg != rule.adrg {
                let entry = lost.entry(rule.variant.as_str()).or_insert((0, codes.len(), rule, earlier));
                entry.0 += 1;
                let what =
                    format!("{}: {code} never gets there, {} takes it before", rule.variant, earlier.variant);
                let mut anomaly = source.places.anomaly(&rule.variant, code, what.clone());
                if anomaly.line == 0 {
                    anomaly = source.places.anomaly(&rule.adrg, code, what);
                }
                anomalies.push(anomaly);
            }
        }
    }
    for (n_lost, n_codes, rule, _) in lost.into_values().filter(|(n_lost, n_codes, ..)| n_lost == n_codes) {
        let what = format!(
            "{} is never reached: all of its {n_codes} codes are taken before ({n_lost})",
            rule.variant
        );
        anomalies.push(Anomaly::at(&rule.file, rule.line, what));
    }
}

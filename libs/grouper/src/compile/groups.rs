use std::collections::{BTreeMap, HashMap};

use super::lists::Lists;
use super::tables::Names;
use crate::Severity;
use crate::choices::{NewbornSurgery, SameProcedure};
use crate::scheme::{Adrg, Anchor, Division, Entry, Mdc, NO_LIST, Rule, Scheme, Test};
use crate::source::{Anomaly, DivisionSource, EntrySource, MdcSource, Source, TestSource};

/// An MDC that has no rules yet.
pub(super) fn mdc(mdc: &MdcSource) -> Mdc {
    let entry = match &mdc.entry {
        EntrySource::AnyRule => Entry::AnyRule,
        EntrySource::Newborn(codes) if codes.is_empty() => Entry::NewbornByAge,
        EntrySource::Newborn(_) => Entry::NewbornByDiagnosis,
        EntrySource::Hiv(_) => Entry::Hiv,
        EntrySource::Trauma(_) => Entry::Trauma,
        EntrySource::Principal(_) => Entry::Principal,
        EntrySource::MalePrincipal(_) => Entry::MalePrincipal,
        EntrySource::FemalePrincipal(_) => Entry::FemalePrincipal,
    };
    Mdc {
        code: mdc.code.clone(),
        name: mdc.name.clone(),
        entry,
        regions: mdc.regions.clone(),
        first_rule: 0,
        end_rule: 0,
        unanchored: Vec::new(),
    }
}

/// Adds each ADRG that a DRG divides, with its DRGs by severity.
pub(super) fn add_adrgs(scheme: &mut Scheme, source: &Source, anomalies: &mut Vec<Anomaly>) {
    let mut tell = |anomaly: Anomaly| anomalies.push(anomaly);
    let lost = |what: String| Anomaly::loss(&source.name, what);
    let mut drgs: BTreeMap<&str, BTreeMap<char, u16>> = BTreeMap::new();
    for (i, drg) in source.drgs.iter().enumerate() {
        let (adrg, severity) = drg.code.split_at(3);
        let number = u16::try_from(i).expect("a scheme has fewer DRGs");
        drgs.entry(adrg).or_default().extend(severity.chars().map(|severity| (severity, number)));
    }
    for (code, by_severity) in &drgs {
        let letter = &code[..1];
        let Some(mdc) = scheme.mdcs.iter().position(|mdc| &mdc.code[3..] == letter) else {
            tell(lost(format!("ADRG {code} has no MDC")));
            continue;
        };
        if !source.adrg_names.contains_key(*code) {
            tell(lost(format!("DRGs of {code} stand without an ADRG")));
        }
        let divided = |digit: &&char| source.divisions.iter().any(|d| d.drg == format!("{code}{digit}"));
        for digit in by_severity.keys().filter(|digit| !"1359".contains(**digit) && !divided(digit)) {
            let what = format!("{code}{digit} is divided off by more than MCC and CC; no table says how");
            tell(Anomaly::at(&source.name, 0, what));
        }
        let of = |severity: char| by_severity.get(&severity).copied();
        let without = of('5').or(of('9'));
        let with_cc = of('3').or(without);
        scheme.adrgs.push(Adrg {
            code: (*code).to_owned(),
            name: source.adrg_names.get(*code).cloned().unwrap_or_default(),
            mdc: u8::try_from(mdc).expect("fewer than 32"),
            with_mcc: of('1').or(with_cc),
            with_cc,
            without,
            divisions: Vec::new(),
        });
    }
    for code in source.adrg_names.keys().filter(|code| !drgs.contains_key(code.as_str())) {
        tell(lost(format!("ADRG {code} has no DRG")));
    }
}

/// Adds the rules, those of one MDC together, each MDC's in the order of the source.
pub(super) fn add_rules(
    scheme: &mut Scheme,
    source: &Source,
    lists: &Lists<'_>,
    anomalies: &mut Vec<Anomaly>,
) {
    let numbers = scheme.adrgs.iter().zip(0_u16..).map(|(adrg, number)| (adrg.code.clone(), number));
    let adrgs: HashMap<String, u16> = numbers.collect();
    for rule in source.rules.iter().filter(|rule| !adrgs.contains_key(&rule.adrg)) {
        let what = format!("rule {} belongs to no ADRG with a DRG", rule.variant);
        anomalies.push(Anomaly::at(&rule.file, rule.line, what));
    }
    for code in adrgs.keys().filter(|code| source.rules.iter().all(|rule| rule.adrg != **code)) {
        anomalies.push(Anomaly::loss(&source.name, format!("ADRG {code} has no rule")));
    }
    let mut names = Names::default();
    for mdc in 0..scheme.mdcs.len() {
        let letter = scheme.mdcs[mdc].code[3..].to_owned();
        let by_age = scheme.mdcs[mdc].entry == Entry::NewbornByAge
            && scheme.choices.newborn_surgery == NewbornSurgery::NewbornDiagnosis;
        scheme.mdcs[mdc].first_rule = u16::try_from(scheme.rules.len()).expect("few");
        for rule in source.rules.iter().filter(|rule| rule.adrg.starts_with(&letter)) {
            let Some(&adrg) = adrgs.get(&rule.adrg) else { continue };
            let (anchor, mut tests) = compile_tests(&rule.tests, lists, scheme.choices.same_procedure);
            if by_age && scheme.adrgs[usize::from(adrg)].is_surgical() {
                tests.push(Test::NewbornDiagnosis);
            }
            if anchor == Anchor::None {
                let number = u16::try_from(scheme.rules.len()).expect("few");
                scheme.mdcs[mdc].unanchored.push(number);
            }
            let tables = names.tables(rule, lists, scheme);
            scheme.rules.push(Rule { adrg, variant: rule.variant.clone(), tests, anchor, tables });
        }
        scheme.mdcs[mdc].end_rule = u16::try_from(scheme.rules.len()).expect("few");
    }
    scheme.items = names.items();
}

/// Adds the sub-groups that conditions divide off.
pub(super) fn add_divisions(
    scheme: &mut Scheme,
    source: &Source,
    lists: &Lists<'_>,
    anomalies: &mut Vec<Anomaly>,
) {
    for DivisionSource { drg: code, tests, file, line } in &source.divisions {
        let drg =
            scheme.drgs.iter().position(|drg| drg.code == *code).and_then(|drg| u16::try_from(drg).ok());
        let adrg = scheme.adrgs.iter_mut().find(|adrg| code.starts_with(&adrg.code));
        let (Some(drg), Some(adrg)) = (drg, adrg) else {
            let what = format!("{code} is no DRG of an ADRG");
            anomalies.push(Anomaly::at(file, *line, what));
            continue;
        };
        let tests = tests_beside(Anchor::None, tests, lists, scheme.choices.same_procedure);
        adrg.divisions.push(Division { drg, tests });
    }
}

/// What leads to the rule, and the other tests.
fn compile_tests(tests: &[TestSource], lists: &Lists<'_>, same: SameProcedure) -> (Anchor, Vec<Test>) {
    let anchor = anchor(tests, lists);
    (anchor, tests_beside(anchor, tests, lists, same))
}

fn anchor(tests: &[TestSource], lists: &Lists<'_>) -> Anchor {
    let diagnosis = tests.iter().find_map(|test| {
        if let TestSource::PrincipalDiagnosis(codes) = test {
            Some(Anchor::PrincipalDiagnosis(lists.diagnosis[codes]))
        } else {
            None
        }
    });
    let procedure = tests.iter().find_map(|test| {
        if let TestSource::PrincipalProcedure(codes) = test {
            Some(Anchor::PrincipalProcedure(lists.procedure[codes]))
        } else {
            None
        }
    });
    diagnosis.or(procedure).unwrap_or(Anchor::None)
}

fn tests_beside(anchor: Anchor, tests: &[TestSource], lists: &Lists<'_>, same: SameProcedure) -> Vec<Test> {
    let mut compiled = Vec::new();
    let mut any_procedures = Vec::new();
    for test in tests {
        match test {
            TestSource::PrincipalDiagnosis(codes) => {
                if anchor != Anchor::PrincipalDiagnosis(lists.diagnosis[codes]) {
                    compiled.push(Test::PrincipalDiagnosis(lists.diagnosis[codes]));
                }
            }
            TestSource::PrincipalProcedure(codes) => {
                if anchor != Anchor::PrincipalProcedure(lists.procedure[codes]) {
                    compiled.push(Test::PrincipalProcedure(lists.procedure[codes]));
                }
            }
            TestSource::AnyDiagnosis(codes) => compiled.push(Test::AnyDiagnosis(lists.diagnosis[codes])),
            TestSource::OtherDiagnosis(codes) => compiled.push(Test::OtherDiagnosis(lists.diagnosis[codes])),
            TestSource::AnyProcedure(codes) => any_procedures.push(lists.procedure[codes]),
            TestSource::OperationOutside(codes) => {
                compiled.push(Test::OperationOutside(lists.procedure[codes]));
            }
            TestSource::SomeOperation => compiled.push(Test::SomeOperation),
            TestSource::NoOperation => compiled.push(Test::NoOperation),
            TestSource::Newborn => compiled.push(Test::Newborn),
            TestSource::Infant => compiled.push(Test::Infant),
            TestSource::BirthWeight(from, below) => compiled.push(Test::BirthWeight(*from, *below)),
            TestSource::AgeYears(from, to) => compiled.push(Test::AgeYears(*from, *to)),
            TestSource::AgeDays(from, to) => compiled.push(Test::AgeDays(*from, *to)),
            TestSource::StayDays(from, to) => compiled.push(Test::StayDays(*from, *to)),
            TestSource::OfSex(sex) => compiled.push(Test::OfSex(*sex)),
            TestSource::Severity(any_of) => compiled.push(Test::Severity(
                [Severity::None, Severity::Cc, Severity::Mcc].map(|severity| any_of.contains(&severity)),
            )),
        }
    }
    if same == SameProcedure::Once && (2..=4).contains(&any_procedures.len()) {
        let mut four = [NO_LIST; 4];
        four[..any_procedures.len()].copy_from_slice(&any_procedures);
        compiled.push(Test::DistinctProcedures(four));
    } else {
        compiled.extend(any_procedures.into_iter().map(Test::AnyProcedure));
    }
    compiled
}

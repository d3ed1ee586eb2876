//! One case from each ADRG's own lists falls into that ADRG, or into one that stands before it.

use std::collections::{HashMap, HashSet};

use medfund_grouper::Grouper;
use medfund_grouper::source::{Codes, EntrySource, RuleSource, Source, TestSource};

use crate::random::fast;
use crate::slow::SlowCase;
use crate::tables::{VERSIONS, official};

/// How many cases of an ADRG are tried until one falls into it.
const TRIED: usize = 400;

/// A case that meets the rule's tests; `n` says which code of each list.
pub(crate) fn case<'s>(rule: &'s RuleSource, source: &'s Source, n: usize) -> Option<SlowCase<'s>> {
    let nth = |codes: &'s Codes, grey: &Codes| {
        let usable: Vec<&String> = codes.iter().filter(|code| !grey.contains(*code)).collect();
        usable.get(n % usable.len().max(1)).map(|code| code.as_str())
    };
    let diagnosis = |codes| nth(codes, &source.grey_diagnoses);
    let procedure = |codes| nth(codes, &source.grey_procedures);
    let (mut principal, mut others, mut procedures) = (None, Vec::new(), Vec::new());
    let (mut days, mut grams) = (12_000, None);
    for test in &rule.tests {
        match test {
            TestSource::PrincipalDiagnosis(codes) => principal = Some(diagnosis(codes)?),
            TestSource::AnyDiagnosis(codes) | TestSource::OtherDiagnosis(codes) => {
                others.push(diagnosis(codes)?)
            }
            TestSource::PrincipalProcedure(codes) => procedures.insert(0, procedure(codes)?),
            TestSource::AnyProcedure(codes) => procedures.push(procedure(codes)?),
            TestSource::SomeOperation => {
                let any = source.rules.iter().filter_map(|r| r.tests.iter().find_map(TestSource::procedures));
                let lists: Vec<&Codes> = any.collect();
                procedures.push(procedure(lists[n % lists.len()])?);
            }
            TestSource::OperationOutside(outside) => {
                let any = source.rules.iter().filter_map(|r| r.tests.iter().find_map(TestSource::procedures));
                procedures.push(any.flatten().filter(|code| !outside.contains(*code)).nth(n)?);
            }
            TestSource::NoOperation => {}
            TestSource::Newborn => days = 5,
            TestSource::Infant => days = 100,
            TestSource::BirthWeight(from, _) => grams = Some(u32::from(*from).max(800)),
            TestSource::AgeYears(..)
            | TestSource::AgeDays(..)
            | TestSource::StayDays(..)
            | TestSource::OfSex(_)
            | TestSource::Severity(_) => unreachable!("no rule of the national schemes asks for {test:?}"),
        }
    }
    let mdc = source.mdcs.iter().find(|mdc| mdc.code[3..] == rule.adrg[..1])?;
    if let EntrySource::Trauma(regions) = &mdc.entry {
        let (first, second) = (n % regions.len(), (n + 1 + n / regions.len()) % regions.len());
        principal = Some(diagnosis(&regions[first])?);
        others.push(diagnosis(&regions[second])?);
    }
    let from_table = || match mdc.entry.lists() {
        [table, ..] => diagnosis(table),
        [] => source.diagnoses.iter().nth(n * 7).map(String::as_str),
    };
    let of_newborns = || {
        let rules = source.rules.iter().filter(|other| other.adrg.starts_with('P'));
        let lists: Vec<&Codes> =
            rules.flat_map(|other| &other.tests).filter_map(TestSource::diagnoses).collect();
        diagnosis(lists[n % lists.len()])
    };
    let by_age = matches!(&mdc.entry, EntrySource::Newborn(codes) if codes.is_empty());
    let any_principal = others.first().copied().filter(|_| {
        rule.tests.iter().any(|test| matches!(test, TestSource::AnyDiagnosis(_))) && mdc.code != "MDCZ"
    });
    let principal =
        principal.or(any_principal).or_else(|| if by_age { of_newborns() } else { from_table() })?;
    Some(SlowCase {
        sex: if matches!(mdc.entry, EntrySource::MalePrincipal(_)) { 1 } else { 2 },
        days,
        grams,
        diagnoses: [vec![principal], others].concat(),
        procedures,
    })
}

#[test]
fn one_case_from_each_adrg_s_own_lists_falls_into_it_or_one_before_it() {
    for version in VERSIONS {
        let source = &official(version).source;
        let mut grouper = Grouper::new(&official(version).scheme);
        let mut order: HashMap<&str, usize> = HashMap::new();
        for letter in source.choices.mdc_order.chars() {
            for rule in source.rules.iter().filter(|rule| rule.adrg.starts_with(letter)) {
                let next = order.len();
                order.entry(&rule.adrg).or_insert(next);
            }
        }
        let adrgs: HashSet<&String> = source.rules.iter().map(|rule| &rule.adrg).collect();
        let mut reached = HashSet::new();
        let mut before: HashMap<&String, String> = HashMap::new();
        for rule in &source.rules {
            for n in 0..TRIED {
                if reached.contains(&rule.adrg) {
                    break;
                }
                let Some(case) = case(rule, source, n) else { continue };
                let code = fast(&mut grouper, &case);
                if code.len() == 4 && code.starts_with(rule.adrg.as_str()) {
                    reached.insert(&rule.adrg);
                } else if let Some(earlier) = order.get(code.get(..3).unwrap_or_default())
                    && *earlier < order[rule.adrg.as_str()]
                {
                    let why = format!(
                        "{code} stands before it and takes {:?} {:?}",
                        case.diagnoses, case.procedures
                    );
                    before.entry(&rule.adrg).or_insert(why);
                }
            }
        }
        println!("{version}: {} of {} ADRGs reached by a case of their own", reached.len(), adrgs.len());
        // Three of Beijing's are divided by days of stay only, which no table of the scheme gives.
        let divided = |adrg: &&&String| {
            source
                .drgs
                .iter()
                .any(|drg| drg.code.starts_with(adrg.as_str()) && drg.code.ends_with(['1', '3', '5', '9']))
        };
        for adrg in adrgs.difference(&reached).filter(divided) {
            let reason = before.get(*adrg);
            println!("  {adrg}: {}", reason.map_or("by none", String::as_str));
            assert!(
                reason.is_some(),
                "{version}: no case from the lists of {adrg} falls into it or before it"
            );
        }
    }
}

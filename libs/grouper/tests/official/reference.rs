//! How far the reference scheme in `schemes/` agrees with the official 1.1.

use std::collections::BTreeMap;

use medfund_grouper::source::{EntrySource, Source, TestSource};
use medfund_grouper::{Answer, Case, Grouper, Scheme, Sex};

use crate::agreement::{Sample, samples};
use crate::tables::official;

use crate::reference_scheme::{compiled, scheme};

/// Agreement in thousandths: the same MDC, the same ADRG, the same DRG.
type Agreement = [usize; 3];

/// What README states, below which this test fails.
const SAMPLES: Agreement = [941, 824, 794];
const COMPLICATIONS: usize = 767;
const OPERATIONS: Agreement = [1000, 912, 912];
const PRINCIPALS: Agreement = [940, 888, 887];

#[test]
fn the_reference_scheme_has_the_official_names_of_1_1() {
    let (ours, theirs) = (&compiled().1, &official("1.1").source);
    let plain = |name: &str| name.replace(['／', '/', ' '], "").replace('（', "(").replace('）', ")");
    for (code, name) in &theirs.adrg_names {
        let our_name = ours.adrg_names.get(code).unwrap_or_else(|| panic!("{code} is missing"));
        assert_eq!(plain(our_name), plain(name), "{code}");
    }
    let codes = |source: &Source| {
        let mut codes: Vec<String> = source.drgs.iter().map(|drg| drg.code.clone()).collect();
        codes.sort();
        codes
    };
    let [ours, theirs] = [codes(ours), codes(theirs)];
    let only_in = |one: &[String], other: &[String]| -> Vec<String> {
        one.iter().filter(|code| !other.contains(code)).cloned().collect()
    };
    assert_eq!((only_in(&ours, &theirs), only_in(&theirs, &ours)), (vec![], vec![]));
}

#[test]
fn the_sample_cases_agree_as_stated() {
    let measured = agreement("the sample cases", &samples());
    assert!(at_least(measured, SAMPLES), "{measured:?} is less than the stated {SAMPLES:?}");
}

#[test]
fn one_case_per_principal_diagnosis_agrees_as_stated() {
    let measured = agreement("one case per principal diagnosis", &principals(&official("1.1").source));
    assert!(at_least(measured, PRINCIPALS), "{measured:?} is less than the stated {PRINCIPALS:?}");
}

#[test]
fn one_case_per_operation_agrees_as_stated() {
    let measured = agreement("one case per operation", &operations(&official("1.1").source));
    assert!(at_least(measured, OPERATIONS), "{measured:?} is less than the stated {OPERATIONS:?}");
}

/// Every diagnosis of the code list beside a principal one that excludes nothing.
#[test]
fn complications_are_listed_alike_as_stated() {
    let theirs = official("1.1");
    let [mut our_grouper, mut their_grouper] = [Grouper::new(scheme()), Grouper::new(&theirs.scheme)];
    let mut listed = |principal: &str, code: &str| {
        let diagnoses = [principal, code];
        let case = Case { diagnoses: &diagnoses, ..adult() };
        [&mut our_grouper, &mut their_grouper].map(|grouper| grouper.group(&case).severity)
    };
    let all = &theirs.source.diagnoses;
    let alike = |code: &&String| {
        let [our, their] = listed(EXCLUDES_NOTHING, code);
        our == their
    };
    let measured = all.iter().filter(alike).count() * 1000 / all.len();
    println!("{} diagnoses; listed alike as MCC, CC or neither: {measured} of 1000", all.len());
    assert!(measured >= COMPLICATIONS, "{measured} is less than the stated {COMPLICATIONS}");
}

/// A principal diagnosis (医学检查) that stands in no exclusion table, by either.
const EXCLUDES_NOTHING: &str = "Z00.001";

fn adult() -> Case<'static> {
    Case { sex: Some(Sex::Female), age_years: Some(40), ..Case::default() }
}

fn at_least(measured: Agreement, stated: Agreement) -> bool {
    measured.iter().zip(stated).all(|(measured, stated)| *measured >= stated)
}

/// A patient for each line of each MDC's table: of the MDC's sex, an adult or
/// a newborn of 2,600 g, with two wounds where the MDC wants two.
fn principals(source: &Source) -> Vec<Sample> {
    let mut cases = Vec::new();
    for mdc in &source.mdcs {
        let lists = mdc.entry.lists();
        for (i, list) in lists.iter().enumerate() {
            let other = &lists[(i + 1) % lists.len()];
            let second = other.iter().nth(other.len() / 2).filter(|_| lists.len() > 1).cloned();
            for code in list {
                let male = matches!(mdc.entry, EntrySource::MalePrincipal(_));
                cases.push(Sample {
                    id: code.clone(),
                    sex: Some(if male { Sex::Male } else { Sex::Female }),
                    age_years: Some(if mdc.code == "MDCP" { 0 } else { 40 }),
                    age_days: Some(if mdc.code == "MDCP" { 5 } else { 40 * 365 }),
                    birth_weight_g: Some(2600),
                    diagnoses: [Some(code.clone()), second.clone()].into_iter().flatten().collect(),
                    procedures: Vec::new(),
                });
            }
        }
    }
    if source.mdcs.iter().all(|mdc| mdc.code != "MDCP" || mdc.entry.lists()[0].is_empty()) {
        let of_newborns = source.rules.iter().filter(|rule| rule.adrg == "PU1");
        for code in of_newborns.flat_map(|rule| &rule.tests).filter_map(|test| test.diagnoses()).flatten() {
            cases.push(Sample {
                id: code.clone(),
                sex: Some(Sex::Female),
                age_years: Some(0),
                age_days: Some(5),
                birth_weight_g: Some(2600),
                diagnoses: vec![code.clone()],
                procedures: Vec::new(),
            });
        }
    }
    cases
}

/// A patient for each principal procedure of each surgical ADRG, with a principal diagnosis
/// from the middle of the ADRG's table, or else of those of its MDC that lead there by both schemes.
fn operations(source: &Source) -> Vec<Sample> {
    let [mut ours, mut theirs] = [Grouper::new(scheme()), Grouper::new(&official("1.1").scheme)];
    let mut of_mdc = |letter: &str| {
        let of_it = principals(source).into_iter().filter(|case| {
            let [our, their] = [&mut ours, &mut theirs].map(|grouper| case.answer(grouper));
            let leads = |scheme: &Scheme, answer: Answer| {
                answer.mdc.is_some_and(|mdc| scheme.mdc_letter(mdc) == letter)
            };
            leads(scheme(), our) && leads(&official("1.1").scheme, their)
        });
        of_it.collect::<Vec<_>>()
    };
    let mut patients: BTreeMap<String, Vec<Sample>> = BTreeMap::new();
    let mut cases = Vec::new();
    for rule in &source.rules {
        let letter = &rule.adrg[..1];
        let patients = patients.entry(letter.to_owned()).or_insert_with(|| of_mdc(letter));
        let own = rule.tests.iter().find_map(|test| {
            if let TestSource::PrincipalDiagnosis(codes) = test { Some(codes) } else { None }
        });
        let fits = |case: &&Sample| own.is_none_or(|codes| codes.contains(&case.diagnoses[0]));
        let fitting: Vec<&Sample> = patients.iter().filter(fits).collect();
        let Some(patient) = fitting.get(fitting.len() / 2) else { continue };
        for test in &rule.tests {
            let TestSource::PrincipalProcedure(codes) = test else { continue };
            cases.extend(
                codes.iter().map(|code| Sample { procedures: vec![code.clone()], ..(*patient).clone() }),
            );
        }
    }
    cases
}

/// Groups the cases by both and prints where they differ most.
fn agreement(name: &str, cases: &[Sample]) -> Agreement {
    let [ours, theirs] = [scheme(), &official("1.1").scheme];
    let [mut our_grouper, mut their_grouper] = [Grouper::new(ours), Grouper::new(theirs)];
    let mut same = [0; 3];
    let mut differing: BTreeMap<(String, String), Vec<&Sample>> = BTreeMap::new();
    let mut of_mdc: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for case in cases {
        let our = places(ours, case.answer(&mut our_grouper));
        let their = places(theirs, case.answer(&mut their_grouper));
        for (same, (our, their)) in same.iter_mut().zip(our.iter().zip(&their)) {
            *same += usize::from(our == their);
        }
        let counted = of_mdc.entry(their[0].clone()).or_default();
        counted[0] += 1;
        if our[1] == their[1] {
            counted[1] += 1;
        } else {
            let key = (their[1].clone(), our[1].clone());
            differing.entry(key).or_default().push(case);
        }
    }
    let mut worst: Vec<_> = differing.into_iter().collect();
    worst.sort_by_key(|(_, cases)| std::cmp::Reverse(cases.len()));
    for (mdc, [n, n_same]) in of_mdc {
        println!("  {mdc}: {n_same} of {n} in the same ADRG");
    }
    let of_category = counted(cases);
    for ((their, our), cases) in &worst {
        println!(
            "  {their} by 1.1, {our} by the reference scheme: {} {}",
            cases.len(),
            categories(cases, &of_category)
        );
    }
    let measured = same.map(|n| n * 1000 / cases.len());
    println!("{name}: {} cases; same MDC, ADRG, DRG: {measured:?} of 1000", cases.len());
    measured
}

/// Which subcategories the cases' principal diagnoses and procedures fall under, with how many
/// of them and of all cases do.
fn categories(cases: &[&Sample], all: &BTreeMap<String, usize>) -> String {
    let counts = counted(cases.iter().copied());
    let told: Vec<String> =
        counts.iter().map(|(category, n)| format!("{category}:{n}/{}", all[category])).collect();
    told.join(" ")
}

fn counted<'c>(cases: impl IntoIterator<Item = &'c Sample>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let category = |code: &String| {
        let code = code.split('+').next_back().unwrap_or_default();
        code.get(..5).unwrap_or(code).to_owned()
    };
    for case in cases {
        let codes = [case.diagnoses.first(), case.procedures.first()].into_iter().flatten();
        *counts.entry(codes.map(category).collect::<Vec<_>>().join(" ")).or_default() += 1;
    }
    counts
}

/// An answer's MDC, ADRG and DRG; where it has none, what stands for it.
fn places(scheme: &Scheme, answer: Answer) -> [String; 3] {
    let group = answer.code(scheme).into_owned();
    let mdc = answer.mdc.map_or("0000", |mdc| scheme.mdc_code(mdc)).to_owned();
    let adrg = answer.adrg.map_or(group.as_str(), |adrg| scheme.adrg_code(adrg)).to_owned();
    [mdc, adrg, group]
}

//! What fuzzing does with bytes. The crate's ordinary tests do the same with drawn ones.

use std::sync::LazyLock;

use medfund_grouper::batch::{Batch, Columns};
use medfund_grouper::read::{CodeLists, Files, add_additions, add_code_lists, read_scheme};
use medfund_grouper::source::{Codes, Source, TestSource};
use medfund_grouper::{Answer, Case, Grouper, Scheme, Sex, compile};
use sha2::{Digest, Sha256};

/// The tables of a small scheme in the text layout. Its rules are made up.
const TEXT: &str = include_str!("../seeds/tables/text");
/// The same by category.
const CATEGORY: &str = include_str!("../seeds/tables/category");

/// How many rules of a scheme are met by a case.
const N_GROUPED: usize = 16;

/// The files that a text holds, each after a line `== NAME`.
pub fn files(text: &str) -> Files {
    let mut files = Files::new();
    let mut open: Option<&mut String> = None;
    for line in text.split_inclusive('\n') {
        match (line.strip_prefix("== "), &mut open) {
            (Some(name), _) => open = Some(files.entry(name.trim_end().to_owned()).or_default()),
            (None, Some(file)) => file.push_str(line),
            (None, None) => {}
        }
    }
    files
}

/// Tables of any layout, with their choices, code lists and a region's additions (`with/…`):
/// whatever they say, what is compiled of them is sound, is written and read as the same, and groups.
pub fn tables(bytes: &[u8]) {
    let files = files(&String::from_utf8_lossy(bytes));
    let (mut source, _) = read_scheme("fuzzed", &files);
    let list = |name: &str| files.get(name).map_or("", String::as_str);
    // Lists that are none of the tables' codes are refused, and the tables stay alone.
    let _ = add_code_lists(
        &mut source,
        CodeLists {
            diagnoses: list("diagnoses"),
            procedures: list("procedures"),
            grey_diagnoses: files.get("grey diagnoses").map(String::as_str),
            grey_procedures: files.get("grey procedures").map(String::as_str),
        },
    );
    let of_region =
        |(name, text): (&String, &String)| Some((name.strip_prefix("with/")?.to_owned(), text.clone()));
    let _ = add_additions(&mut source, &files.iter().filter_map(of_region).collect());
    let (scheme, _) = compile(&source);
    let again = Scheme::from_bytes(&scheme.to_bytes()).expect("what the compiler writes is sound");
    assert_eq!(again.hash(), scheme.hash());
    group_own_codes(&scheme, &source);
}

/// Groups a case of each of a scheme's first rules, made of the first codes of the rule's lists.
fn group_own_codes(scheme: &Scheme, source: &Source) {
    let first = |codes: &Codes| codes.first().cloned();
    for rule in source.rules.iter().take(N_GROUPED) {
        let diagnoses: Vec<String> =
            rule.tests.iter().filter_map(TestSource::diagnoses).filter_map(first).collect();
        let procedures: Vec<String> =
            rule.tests.iter().filter_map(TestSource::procedures).filter_map(first).collect();
        let [diagnoses, procedures] =
            [&diagnoses, &procedures].map(|codes| codes.iter().map(String::as_str).collect::<Vec<_>>());
        for (age_years, age_days) in [(40, None), (0, Some(3))] {
            group(
                scheme,
                &Case {
                    sex: Some(Sex::Female),
                    age_years: Some(age_years),
                    age_days,
                    birth_weight_g: Some(1400),
                    stay_days: Some(age_years),
                    diagnoses: &diagnoses,
                    procedures: &procedures,
                },
            );
        }
    }
}

/// Groups a case; explaining it gives the same answer.
fn group(scheme: &Scheme, case: &Case<'_>) -> Answer {
    let answer = Grouper::new(scheme).group(case);
    let mut grouper = Grouper::new(scheme);
    let explanation = grouper.explain(case);
    assert_eq!(explanation.answer, answer);
    assert!(explanation.to_string().contains(&*answer.code(scheme)) || answer.code(scheme) == "0000");
    answer
}

/// A compiled scheme of which three bytes at a time say what is changed in it, behind a hash that
/// is right: it is refused, or it groups.
pub fn scheme_bytes(changes: &[u8]) {
    let (scheme, source) = &*SMALL;
    let mut bytes = scheme.to_bytes();
    let head = bytes.iter().position(|&byte| byte == b'\n').expect("the first line tells the version") + 1;
    let body = head + 32;
    for change in changes.chunks_exact(3) {
        let place = usize::from(u16::from_be_bytes([change[0], change[1]])) % (bytes.len() - body);
        bytes[body + place] = change[2];
    }
    let hash = Sha256::digest(&bytes[body..]);
    bytes[head..body].copy_from_slice(&hash);
    if let Ok(scheme) = Scheme::from_bytes(&bytes) {
        group_own_codes(&scheme, source);
    }
}

static SMALL: LazyLock<(Scheme, Source)> = LazyLock::new(|| small(TEXT));
static SMALL_BY_CATEGORY: LazyLock<(Scheme, Source)> = LazyLock::new(|| small(CATEGORY));

fn small(tables: &str) -> (Scheme, Source) {
    let (source, anomalies) = read_scheme("small", &files(tables));
    assert_eq!(anomalies, []);
    let (scheme, anomalies) = compile(&source);
    assert_eq!(anomalies, []);
    (scheme, source)
}

/// A case list: each of its lines is refused, or grouped, explained and checked alike.
pub fn case_list(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split('\n');
    let Ok(columns) = Columns::of_heading(lines.next().unwrap_or_default()) else { return };
    for scheme in [&SMALL.0, &SMALL_BY_CATEGORY.0] {
        let mut batch = Batch::new(scheme, columns.clone());
        for line in lines.clone().take(20) {
            let mut written = String::new();
            let grouped = batch.group_line(line, &mut written);
            let explained = batch.explain_line(line).map(|line| (line.id, line.explanation.answer));
            match (grouped, explained) {
                (Ok(answer), Ok((_, explained))) => {
                    assert_eq!(answer, explained);
                    assert!(written.ends_with('\n'));
                }
                (Err(refused), Err(also)) => {
                    assert_eq!(refused, also);
                    assert!(written.is_empty());
                    assert!(batch.check_line(line).is_err());
                }
                (grouped, explained) => panic!("grouped {grouped:?}, explained {explained:?}"),
            }
        }
    }
}

/// A case of codes that a scheme knows: what is not principal may stand in any order, and codes
/// that the scheme does not know change nothing.
pub fn cases(bytes: &[u8]) {
    for (scheme, source) in [&*SMALL, &*SMALL_BY_CATEGORY] {
        check_case(scheme, source, bytes);
    }
}

fn check_case(scheme: &Scheme, source: &'static Source, bytes: &[u8]) {
    let Some((&[sex, years, days, weight, n_diagnoses], picks)) = bytes.split_first_chunk::<5>() else {
        return;
    };
    let tests = || source.rules.iter().flat_map(|rule| &rule.tests);
    let weighed = source.mcc.keys().chain(source.cc.keys());
    let diagnoses: Vec<&String> =
        tests().filter_map(TestSource::diagnoses).flatten().chain(weighed).collect();
    let procedures: Vec<&String> = tests().filter_map(TestSource::procedures).flatten().collect();
    let (of_diagnoses, of_procedures) = picks.split_at(picks.len().min(usize::from(n_diagnoses % 64)));
    let picked = |from: &[&'static String], picks: &[u8]| -> Vec<&'static str> {
        picks.iter().map(|&pick| from[usize::from(pick) % from.len()].as_str()).collect()
    };
    let (mut diagnoses, mut procedures) =
        (picked(&diagnoses, of_diagnoses), picked(&procedures, of_procedures));
    let group = |diagnoses: &[&str], procedures: &[&str]| {
        let case = Case {
            sex: [None, Some(Sex::Male), Some(Sex::Female)][usize::from(sex % 3)],
            age_years: (years < 120).then_some(u16::from(years)),
            age_days: (years == 0 && days > 0).then_some(u32::from(days) * 2),
            birth_weight_g: (weight > 0).then_some(u16::from(weight) * 20),
            stay_days: (weight > 0).then_some(u16::from(weight)),
            diagnoses,
            procedures,
        };
        group(scheme, &case)
    };
    let answer = group(&diagnoses, &procedures);
    for codes in [&mut diagnoses, &mut procedures] {
        if let Some((_, others)) = codes.split_first_mut() {
            others.reverse();
            codes.push("ZZZ");
        }
    }
    assert_eq!(group(&diagnoses, &procedures), answer);
}

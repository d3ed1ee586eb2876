//! A scheme of the national one's size and cases for it, drawn from a seed.

use std::collections::BTreeSet;

use medfund_grouper::source::{DrgSource, EntrySource, MdcSource, RuleSource, Source, TestSource};
use medfund_grouper::{Scheme, compile};

/// The columns of drawn cases.
pub(crate) const HEADING: &str =
    "id,sex,age_years,age_days,birth_weight_g,department,los_days,discharge,diagnoses,procedures";

/// A diagnosis of the drawn scheme: 25 MDCs of 1,300 each.
fn diagnosis(n: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(n / 1300 % 25).expect("below 25"));
    format!("{letter}{:02}.{:03}x{:03}", n % 1300 / 13, n % 13, n % 7)
}

fn procedure(n: usize) -> String {
    format!("{:02}.{:02}00x{:03}", n % 97, n / 97 % 100, n % 11)
}

/// Sixteen ADRGs in each of 25 MDCs: eight by a procedure, eight by a diagnosis, each of three DRGs.
pub(crate) fn scheme() -> Scheme {
    let mut source = Source { name: "drawn".to_owned(), ..Source::default() };
    for mdc in 0..25_usize {
        let letter = char::from(b'B' + u8::try_from(mdc).expect("below 25"));
        let of_mdc = |range: std::ops::Range<usize>| -> BTreeSet<String> {
            range.map(|n| diagnosis(mdc * 1300 + n)).collect()
        };
        source.mdcs.push(MdcSource {
            code: format!("MDC{letter}"),
            name: String::new(),
            entry: EntrySource::Principal(of_mdc(0..1300)),
            regions: Vec::new(),
        });
        for n in 0..16_usize {
            let adrg = if n < 8 { format!("{letter}B{}", n + 1) } else { format!("{letter}R{}", n - 7) };
            let test = if n < 8 {
                TestSource::PrincipalProcedure((0..300).map(|i| procedure(mdc * 350 + n * 40 + i)).collect())
            } else {
                TestSource::PrincipalDiagnosis(of_mdc((n - 8) * 160..(n - 7) * 160))
            };
            source.adrg_names.insert(adrg.clone(), String::new());
            for digit in [1, 3, 5] {
                source.drgs.push(DrgSource { code: format!("{adrg}{digit}"), name: String::new() });
            }
            let variant = adrg.clone();
            source.rules.push(RuleSource {
                adrg,
                variant,
                tests: vec![test],
                tables: Default::default(),
                file: "drawn".to_owned(),
                line: n,
            });
        }
    }
    for n in 0..32_500 {
        let table = u16::try_from(n % 200 + 1).expect("small");
        match n % 5 {
            0 => drop(source.mcc.insert(diagnosis(n), table)),
            1 | 2 => drop(source.cc.insert(diagnosis(n), table)),
            _ => drop(source.excluded_by.insert(diagnosis(n), table)),
        }
    }
    compile(&source).0
}

/// Cases of the samples' mix: 3.7 diagnoses and 1.1 procedures.
pub(crate) fn cases() -> String {
    let mut text = format!("{HEADING}\n");
    let mut draw = drawing();
    for id in 0..2000 {
        let years = draw(90) + 1;
        let principal = draw(32_500);
        let mut diagnoses = vec![diagnosis(principal)];
        for _ in 0..draw(6) {
            diagnoses.push(diagnosis(draw(32_500)));
        }
        let mut procedures = Vec::new();
        for n in 0..draw(3) {
            procedures.push(procedure(if n == 0 { principal / 1300 * 350 + draw(300) } else { draw(9000) }));
        }
        let (diagnoses, procedures) = (diagnoses.join("|"), procedures.join("|"));
        text += &format!("{id},{},{years},,,,7,1,{diagnoses},{procedures}\n", draw(2) + 1);
    }
    text
}

/// Draws numbers below another, the same ones every time.
pub(crate) fn drawing() -> impl FnMut(usize) -> usize {
    let mut seed = 1_usize;
    move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    }
}

//! What other diagnoses count as, by which tables, and how that divides the ADRG.

use super::Complication;
use super::names::{complication_table, exclusion_table};
use crate::answer::{Answer, Severity};
use crate::case::Case;
use crate::engine::{counts, excluded};
use crate::scheme::Scheme;

/// The other diagnoses that the tables list.
pub(super) fn complications(scheme: &Scheme, case: &Case<'_>) -> Vec<Complication> {
    let id = |code: &&str| scheme.diagnosis_codes.find(code);
    let Some(principal) = case.diagnoses.first().and_then(id) else { return Vec::new() };
    let principal = &scheme.diagnoses[principal as usize];
    let others = case.diagnoses.iter().skip(1).filter_map(|code| Some((code, id(code)?)));
    others
        .map(|(code, id)| {
            let other = &scheme.diagnoses[id as usize];
            let (listed, table) = match (other.mcc, other.cc) {
                (0, 0) => (Severity::None, 0),
                (0, table) => (Severity::Cc, table),
                (table, _) => (Severity::Mcc, table),
            };
            Complication {
                code: (*code).to_owned(),
                listed,
                counts: counts(principal, other),
                table,
                excluded_by: excluded(principal, other),
            }
        })
        .filter(|complication| complication.listed != Severity::None)
        .collect()
}

/// The other diagnoses that the scheme knows and that neither table lists.
pub(super) fn uncounted(scheme: &Scheme, case: &Case<'_>) -> Vec<String> {
    let is_listed = |code: &&str| {
        let id = scheme.diagnosis_codes.find(code)?;
        let diagnosis = &scheme.diagnoses[id as usize];
        Some(diagnosis.mcc != 0 || diagnosis.cc != 0)
    };
    let others = case.diagnoses.iter().skip(1).filter(|code| is_listed(code) == Some(false));
    others.map(|code| (*code).to_owned()).collect()
}

/// A complication in words: `E11.900：在 CC 表（…）中，主要诊断不在其排除表 30（…）中，计为 CC`.
pub(super) fn line(scheme: &Scheme, complication: &Complication) -> String {
    let Complication { code, listed, counts, table, excluded_by } = complication;
    let listed_in = complication_table(scheme, *listed == Severity::Mcc);
    let excluding = |number: u16| exclusion_table(scheme, number);
    match excluded_by.filter(|_| counts != listed) {
        Some(number) => {
            let table = excluding(number).unwrap_or_default();
            let counts = match counts {
                Severity::None => "不计入".to_owned(),
                Severity::Cc | Severity::Mcc => format!("只计为 {}", word(*counts)),
            };
            format!("{code}：在 {listed_in}中，但主要诊断在其{table}中，{counts}")
        }
        None => {
            let not = excluding(*table).map_or_else(
                || "没有排除它的主要诊断".to_owned(),
                |table| format!("主要诊断不在其{table}中"),
            );
            format!("{code}：在 {listed_in}中，{not}，计为 {}", word(*counts))
        }
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Mcc => "MCC",
        Severity::Cc => "CC",
        Severity::None => "不计",
    }
}

/// How severity divides the case's ADRG, and where that leads; nothing where a condition divided it.
pub(super) fn division(scheme: &Scheme, answer: Answer) -> Option<String> {
    let adrg = &scheme.adrgs[usize::from(answer.adrg?)];
    if adrg.divisions.iter().any(|division| answer.drg == Some(division.drg)) {
        return None;
    }
    let mut groups: Vec<(u16, Vec<Severity>)> = Vec::new();
    let by_severity =
        [(adrg.with_mcc, Severity::Mcc), (adrg.with_cc, Severity::Cc), (adrg.without, Severity::None)];
    for (drg, severity) in by_severity {
        let Some(drg) = drg else { continue };
        match groups.last_mut() {
            Some((last, severities)) if *last == drg => severities.push(severity),
            _ => groups.push((drg, vec![severity])),
        }
    }
    let has = match answer.severity {
        Severity::Mcc => "本例有计入的 MCC",
        Severity::Cc => "本例有计入的 CC，没有计入的 MCC",
        Severity::None => "本例没有计入的 MCC 和 CC",
    };
    let written: Vec<String> = groups
        .iter()
        .map(|(drg, severities)| format!("{}（{}）", scheme.drg_code(*drg), which(severities)))
        .collect();
    Some(match (answer.drg, groups.as_slice()) {
        (Some(drg), [_]) => {
            format!("{} 不按并发症或合并症细分，只有 {}", adrg.code, scheme.drg_code(drg))
        }
        (Some(drg), _) => {
            format!("{} 细分为 {}；{has}，入 {}", adrg.code, written.join("、"), scheme.drg_code(drg))
        }
        (None, _) => format!("{} 细分为 {}；{has}，没有相应的组", adrg.code, written.join("、")),
    })
}

/// Which cases a group of its ADRG takes.
fn which(severities: &[Severity]) -> &'static str {
    match severities {
        [Severity::Mcc] => "有 MCC",
        [Severity::Mcc, Severity::Cc] => "有 MCC 或 CC",
        [Severity::Cc] => "有 CC",
        [Severity::Cc, Severity::None] => "没有 MCC",
        [Severity::None] => "都没有",
        _ => "其他",
    }
}

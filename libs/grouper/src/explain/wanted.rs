//! Which ADRGs of the MDC the case could come into, where none took it, and by what.

use super::asked::tests;
use super::names::{lists_of, n_in, named, unit};
use super::reason::N_EXAMPLES;
use crate::Grouper;
use crate::answer::{Answer, Outcome};
use crate::case::Case;
use crate::quality::is_never_principal;
use crate::scheme::{List, Rule, Scheme, Test};

/// What asks for a principal diagnosis, and what for a diagnosis beside it.
const OF_DIAGNOSES: [&str; 3] = ["主要诊断表", "诊断表", "其他诊断表"];

/// The same of procedures.
const OF_PROCEDURES: [&str; 2] = ["主要手术表", "手术表"];

/// A sentence for the ADRGs that want procedures of the case as it stands, and one for those that want another
/// principal diagnosis, each found by grouping the case with the first codes of their lists.
pub(super) fn wanted(grouper: &mut Grouper<'_>, case: &Case<'_>, answer: Answer) -> Vec<String> {
    let (Outcome::NotGrouped, Some(mdc), None) = (answer.outcome, answer.mdc, answer.adrg) else {
        return Vec::new();
    };
    let scheme = grouper.scheme();
    let (mut by_procedures, mut by_diagnoses) = (Ways::default(), Ways::default());
    let mdc = &scheme.mdcs[usize::from(mdc)];
    for rule in &scheme.rules[usize::from(mdc.first_rule)..usize::from(mdc.end_rule)] {
        if by_procedures.has(rule.adrg) || by_diagnoses.has(rule.adrg) {
            continue;
        }
        let tests = tests(rule);
        let procedures = lists(&tests, &OF_PROCEDURES);
        let codes = first_codes(scheme, &procedures);
        let with_codes: Vec<&str> = codes.iter().chain(case.procedures).copied().collect();
        let after = grouper.group(&Case { procedures: &with_codes, ..*case });
        if !codes.is_empty() && after.adrg == Some(rule.adrg) {
            by_procedures.add(scheme, rule, &procedures, &codes);
            continue;
        }
        let diagnoses = lists(&tests, &OF_DIAGNOSES);
        let codes = first_codes(scheme, &diagnoses);
        let with_codes: Vec<&str> = codes.iter().chain(case.diagnoses).copied().collect();
        let after = grouper.group(&Case { diagnoses: &with_codes, ..*case });
        if !codes.is_empty() && after.adrg == Some(rule.adrg) {
            by_diagnoses.add(scheme, rule, &diagnoses, &codes);
        }
    }
    let told = [by_procedures.told("另有手术可入"), by_diagnoses.told("换主要诊断可入")];
    told.into_iter().flatten().collect()
}

/// The lists that such tests look into, in their order.
fn lists(tests: &[Test], words: &[&str]) -> Vec<List> {
    let of = |word: &&str| tests.iter().flat_map(|test| lists_of(*test, word)).collect::<Vec<_>>();
    words.iter().flat_map(of).collect()
}

/// Of each list the first code that is not grey (灰码).
fn first_codes<'s>(scheme: &'s Scheme, lists: &[List]) -> Vec<&'s str> {
    lists.iter().filter_map(|list| first_code(scheme, *list)).collect()
}

fn first_code(scheme: &Scheme, list: List) -> Option<&str> {
    let (codes, place) = match list {
        List::OfDiagnoses(list) => {
            let is_in = |lists: &[u16]| lists.contains(&list);
            let mut all = scheme.diagnoses.iter();
            let place = all.position(|one| !one.grey && is_in(one.lists.of(&scheme.diagnosis_lists)));
            (&scheme.diagnosis_codes, place)
        }
        List::OfProcedures(list) => {
            let is_in = |lists: &[u16]| lists.contains(&list);
            let mut all = scheme.procedures.iter();
            let place = all.position(|one| !one.grey && is_in(one.lists.of(&scheme.procedure_lists)));
            (&scheme.procedure_codes, place)
        }
    };
    Some(codes.text(u32::try_from(place?).ok()?))
}

/// ADRGs and what leads to each.
#[derive(Default)]
struct Ways {
    adrgs: Vec<u16>,
    told: Vec<String>,
}

impl Ways {
    fn has(&self, adrg: u16) -> bool {
        self.adrgs.contains(&adrg)
    }

    /// `OB1 剖宫产术（74.0x00 等 14 个编码）`.
    fn add(&mut self, scheme: &Scheme, rule: &Rule, lists: &[List], codes: &[&str]) {
        self.adrgs.push(rule.adrg);
        let of_list = |(list, code): (&List, &&str)| match n_in(scheme, *list) {
            1 => (*code).to_owned(),
            n_codes => format!("{code} 等 {n_codes} 个{}", unit(scheme)),
        };
        let by: Vec<String> = lists.iter().zip(codes).map(of_list).collect();
        let adrg = named(scheme.adrg_code(rule.adrg), scheme.adrg_name(rule.adrg));
        // A published table can ask for what list quality forbids: the outcome of delivery (Z37) as principal diagnosis.
        let but = if codes.first().is_some_and(|code| is_never_principal(code)) {
            "，但按质控只能作其他诊断"
        } else {
            ""
        };
        self.told.push(format!("{adrg}（{}{but}）", by.join("，并有 ")));
    }

    fn told(&self, how: &str) -> Option<String> {
        let n_more = self.told.len().saturating_sub(N_EXAMPLES);
        let more = if n_more == 0 { String::new() } else { format!("，另有 {n_more} 个 ADRG") };
        let shown = self.told.iter().take(N_EXAMPLES).cloned().collect::<Vec<_>>().join("、");
        (!self.told.is_empty()).then(|| format!("{how}：{shown}{more}"))
    }
}

//! Why a case is in no group.

use super::names::{named, unit};
use crate::answer::{Answer, Outcome};
use crate::case::Case;
use crate::choices::{Grey, Operations};
use crate::codes::CodeTable;
use crate::scheme::{Anchor, Scheme, Test};

/// How many codes or groups are named as examples.
pub(super) const N_EXAMPLES: usize = 5;

/// What keeps a case with such principal codes from being grouped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// It has no principal diagnosis.
    Missing,
    /// The scheme does not know the principal diagnosis.
    Unknown(String),
    /// The principal diagnosis, or else the principal procedure, is a grey code (灰码).
    Grey(String),
}

/// What makes the principal codes of a case invalid, by the same rules as grouping.
pub(super) fn invalid(scheme: &Scheme, case: &Case<'_>) -> Option<Invalid> {
    let Some(&principal) = case.diagnoses.first().filter(|code| !code.is_empty()) else {
        return Some(Invalid::Missing);
    };
    if scheme.diagnosis_codes.find(principal).is_none() {
        return Some(Invalid::Unknown(principal.to_owned()));
    }
    let [diagnosis, procedure] = scheme.grey_principals(case);
    let ending = [
        diagnosis.filter(|_| scheme.choices.grey_diagnosis == Grey::Ends),
        procedure.filter(|_| scheme.choices.grey_procedure == Grey::Ends),
    ];
    ending.into_iter().flatten().next().map(|code| Invalid::Grey(code.to_owned()))
}

/// Why the case is in no group, and which of its principal codes are grey, sentence by sentence; nothing where the
/// rules that were tried say it.
pub(super) fn reasons(scheme: &Scheme, case: &Case<'_>, answer: Answer) -> Vec<String> {
    if answer.outcome == Outcome::InvalidCode {
        return invalid_codes(scheme, case);
    }
    ungrouped(scheme, case, answer).into_iter().chain(grey(scheme, case)).collect()
}

/// Why a case whose principal codes are valid is in no group.
fn ungrouped(scheme: &Scheme, case: &Case<'_>, answer: Answer) -> Option<String> {
    match (answer.outcome, answer.mdc) {
        (Outcome::NotGrouped, None) => {
            let principal = case.diagnoses.first().copied().unwrap_or_default();
            Some(format!("没有一个 MDC 收主要诊断 {principal}"))
        }
        (Outcome::NotGrouped, Some(mdc)) if answer.adrg.is_none() => {
            Some(format!("{} 中没有符合的 ADRG", scheme.mdc_code(mdc)))
        }
        (Outcome::Ambiguous, Some(mdc)) => Some(ambiguous(scheme, case, mdc)),
        (
            Outcome::Grouped
            | Outcome::InvalidCode
            | Outcome::NotGrouped
            | Outcome::Ambiguous
            | Outcome::NeedsData(_),
            Some(_) | None,
        ) => None,
    }
}

fn invalid_codes(scheme: &Scheme, case: &Case<'_>) -> Vec<String> {
    match invalid(scheme, case) {
        Some(Invalid::Missing) => vec!["没有主要诊断".to_owned()],
        Some(Invalid::Unknown(principal)) => {
            let told = match scheme.is_by_category() {
                true => format!("主要诊断 {principal} 不属于分组方案的任何类目"),
                false => {
                    format!(
                        "主要诊断 {principal} 不在编码库中：编码有误（多个编码以“|”分隔），或为国临版编码，需先转换为医保版编码"
                    )
                }
            };
            [told].into_iter().chain(finer_diagnoses(scheme, &principal)).collect()
        }
        // Both are told at once, so that they are mended at once.
        Some(Invalid::Grey(_)) | None => grey(scheme, case),
    }
}

/// Which principal codes are grey (灰码), what that means, and which codes could stand in their place.
pub(super) fn grey(scheme: &Scheme, case: &Case<'_>) -> Vec<String> {
    let [diagnosis, procedure] = scheme.grey_principals(case);
    let told = |word: &str, code: &str, grey: Grey, finer: Option<String>| {
        let means = match grey {
            Grey::Ends => format!("不能作为{word}"),
            Grey::Groups => format!("不应作为{word}，本方案仍按它分组"),
        };
        let finer = finer.unwrap_or_else(|| "请改用更具体的编码".to_owned());
        [format!("{word} {code} 为灰码，{means}"), finer]
    };
    let choices = &scheme.choices;
    let diagnosis =
        diagnosis.map(|code| told("主要诊断", code, choices.grey_diagnosis, finer_diagnoses(scheme, code)));
    let procedure =
        procedure.map(|code| told("主要手术", code, choices.grey_procedure, finer_procedures(scheme, code)));
    diagnosis.into_iter().chain(procedure).flatten().collect()
}

/// Codes below the same subcategory, or else category, that can be a principal diagnosis.
fn finer_diagnoses(scheme: &Scheme, code: &str) -> Option<String> {
    let can_be = |id: usize| {
        let diagnosis = &scheme.diagnoses[id];
        !diagnosis.grey && (diagnosis.mdcs != 0 || diagnosis.trauma != 0 || diagnosis.hiv)
    };
    finer(scheme, (&scheme.diagnosis_codes, "主要诊断"), can_be, [5, 3].map(|length| code.get(..length)))
}

/// Operations below the same subcategory, or else category, that can be a principal procedure.
fn finer_procedures(scheme: &Scheme, code: &str) -> Option<String> {
    let can_be = |id: usize| !scheme.procedures[id].grey && scheme.procedures[id].operation;
    finer(scheme, (&scheme.procedure_codes, "主要手术"), can_be, [5, 4].map(|length| code.get(..length)))
}

/// Codes that can stand where `word` says, below the first of the beginnings that has some.
fn finer(
    scheme: &Scheme,
    (codes, word): (&CodeTable, &str),
    can_be: impl Fn(usize) -> bool,
    beginnings: [Option<&str>; 2],
) -> Option<String> {
    beginnings.into_iter().flatten().find_map(|beginning| {
        let ids = 0..u32::try_from(codes.len()).expect("a scheme has fewer codes");
        let texts = ids.filter(|id| can_be(*id as usize)).map(|id| codes.text(id));
        let found: Vec<&str> = texts.filter(|text| text.starts_with(beginning)).collect();
        let more = if found.len() > N_EXAMPLES { format!("等 {} 个", found.len()) } else { String::new() };
        let shown: Vec<&str> = found.iter().take(N_EXAMPLES).copied().collect();
        (!found.is_empty())
            .then(|| format!("{beginning} 下可作{word}的{}：{}{more}", unit(scheme), shown.join("、")))
    })
}

/// The operation does not belong to the diagnosis: which groups it belongs to instead.
fn ambiguous(scheme: &Scheme, case: &Case<'_>, mdc: u8) -> String {
    let procedure = case.procedures.first().copied().unwrap_or_default();
    let counts = match scheme.choices.operations {
        Operations::Table => "在有效手术表中",
        Operations::Rules => "是分组方案中的手术",
    };
    let others = groups_of(scheme, procedure);
    let belongs = match others.len() {
        0 => String::new(),
        n if n > N_EXAMPLES => {
            format!("；它属于 {}等 {n} 个 ADRG", others[..N_EXAMPLES].join("、"))
        }
        _ => format!("；它属于 {}", others.join("、")),
    };
    format!(
        "主要手术 {procedure} {counts}，故不进内科组，而 {} 的手术和操作组都不收它，与主要诊断不符{belongs}",
        scheme.mdc_code(mdc)
    )
}

/// The ADRGs whose lists of principal procedures the procedure stands in.
fn groups_of(scheme: &Scheme, procedure: &str) -> Vec<String> {
    let Some(id) = scheme.procedure_codes.find(procedure) else { return Vec::new() };
    let lists = scheme.procedures[id as usize].lists.of(&scheme.procedure_lists);
    let mut adrgs: Vec<u16> = Vec::new();
    for rule in &scheme.rules {
        let by_anchor = matches!(rule.anchor, Anchor::PrincipalProcedure(list) if lists.contains(&list));
        let by_test = |test: &Test| matches!(test, Test::PrincipalProcedure(list) if lists.contains(list));
        if (by_anchor || rule.tests.iter().any(by_test)) && !adrgs.contains(&rule.adrg) {
            adrgs.push(rule.adrg);
        }
    }
    adrgs.into_iter().map(|adrg| named(scheme.adrg_code(adrg), scheme.adrg_name(adrg))).collect()
}

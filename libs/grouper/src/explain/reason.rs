//! Why a case is in no group.

use super::names::{named, unit};
use crate::answer::{Answer, Outcome};
use crate::case::Case;
use crate::choices::{Grey, Operations};
use crate::scheme::{Anchor, Scheme, Test};

/// How many codes or groups are named as examples.
const N_EXAMPLES: usize = 5;

/// Why the case is in no group, sentence by sentence; none where the rules that were tried say it.
pub(super) fn reasons(scheme: &Scheme, case: &Case<'_>, answer: Answer) -> Vec<String> {
    match (answer.outcome, answer.mdc) {
        (Outcome::InvalidCode, _) => invalid(scheme, case),
        (Outcome::NotGrouped, None) => {
            let principal = case.diagnoses.first().copied().unwrap_or_default();
            vec![format!("没有一个 MDC 收主要诊断 {principal}")]
        }
        (Outcome::NotGrouped, Some(mdc)) if answer.adrg.is_none() => {
            vec![format!("{} 中没有符合的 ADRG", scheme.mdc_code(mdc))]
        }
        (Outcome::Ambiguous, Some(mdc)) => vec![ambiguous(scheme, case, mdc)],
        (
            Outcome::Grouped | Outcome::NotGrouped | Outcome::Ambiguous | Outcome::NeedsData(_),
            Some(_) | None,
        ) => Vec::new(),
    }
}

fn invalid(scheme: &Scheme, case: &Case<'_>) -> Vec<String> {
    let Some(&principal) = case.diagnoses.first() else { return vec!["没有主要诊断".to_owned()] };
    let Some(id) = scheme.diagnosis_codes.find(principal) else {
        let mut told = vec![match scheme.is_by_category() {
            true => format!("主要诊断 {principal} 不属于分组方案的任何类目"),
            false => {
                format!(
                    "主要诊断 {principal} 不在编码库中：编码有误（多个编码以“|”分隔），或为国临版编码，需先转换为医保版编码"
                )
            }
        }];
        told.extend(finer(scheme, principal));
        return told;
    };
    if scheme.diagnoses[id as usize].grey && scheme.choices.grey_diagnosis == Grey::Ends {
        let mut told = vec![format!("主要诊断 {principal} 为灰码，不能作为主要诊断")];
        told.extend(finer(scheme, principal));
        return told;
    }
    let procedure = case.procedures.first().copied().unwrap_or_default();
    vec![format!("主要手术 {procedure} 为灰码，不能作为主要手术")]
}

/// Codes below the same subcategory, or else category, that can be a principal diagnosis.
fn finer(scheme: &Scheme, code: &str) -> Option<String> {
    let (codes, diagnoses) = (&scheme.diagnosis_codes, &scheme.diagnoses);
    let below = |prefix: &str| -> Vec<&str> {
        let ids = 0..u32::try_from(codes.len()).expect("a scheme has fewer codes");
        let fits = |id: &u32| {
            let diagnosis = &diagnoses[*id as usize];
            !diagnosis.grey && (diagnosis.mdcs != 0 || diagnosis.trauma != 0 || diagnosis.hiv)
        };
        let texts = ids.filter(fits).map(|id| codes.text(id));
        texts.filter(|text| text.starts_with(prefix)).collect()
    };
    [5, 3].into_iter().find_map(|length| {
        let prefix = code.get(..length)?;
        let found = below(prefix);
        let more = if found.len() > N_EXAMPLES { format!("等 {} 个", found.len()) } else { String::new() };
        let shown: Vec<&str> = found.iter().take(N_EXAMPLES).copied().collect();
        (!found.is_empty())
            .then(|| format!("{prefix} 下可作主要诊断的{}：{}{more}", unit(scheme), shown.join("、")))
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

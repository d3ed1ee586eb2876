use medfund_grouper::batch::ExplainedLine;
use medfund_grouper::crosswalk::{Fate, Translated};
use medfund_grouper::{Change, Coded, Scheme, Severity};
use serde_json::{Value, json};

/// An explanation as JSON, for programs of coders' offices. Codes are the standards' own; words are those of the
/// explanation in `text`.
pub(in crate::drg) fn of(explained: &ExplainedLine<'_>, scheme: &Scheme) -> Value {
    let (answer, explanation) = (explained.explanation.answer, &explained.explanation);
    let tried = explanation.tried.iter().map(|tried| {
        let failed = tried.failed.and_then(|failed| tried.asks.get(failed));
        json!({ "rule": tried.variant, "asks": tried.asks, "failed": failed, "needs_data": tried.unknown })
    });
    let complications = explanation.complications.iter().map(|complication| {
        json!({
            "code": complication.code,
            "listed": severity(complication.listed),
            "counts": severity(complication.counts),
            "excluded_by": complication.excluded_by,
        })
    });
    let what_if = explanation.what_if.iter().map(|what_if| {
        let (change, code) = change(&what_if.change);
        json!({ "change": change, "code": code, "group": what_if.group })
    });
    let translated = explained.translation.iter().flat_map(|translation| translation.told());
    json!({
        "scheme": { "name": scheme.name(), "hash": scheme.hash() },
        "id": explained.id,
        "status": answer.outcome.zh(),
        "mdc": answer.mdc.map(|mdc| json!({ "code": scheme.mdc_code(mdc), "name": name(scheme.mdc_name(mdc)) })),
        "adrg": answer.adrg.map(|adrg| json!({ "code": scheme.adrg_code(adrg), "name": name(scheme.adrg_name(adrg)) })),
        "group": { "code": answer.code(scheme), "name": answer.drg.and_then(|drg| name(scheme.drg_name(drg))) },
        "severity": severity(answer.severity),
        "diagnoses": explanation.diagnoses.iter().map(coded).collect::<Vec<_>>(),
        "procedures": explanation.procedures.iter().map(coded).collect::<Vec<_>>(),
        "tried": tried.collect::<Vec<_>>(),
        "complications": complications.collect::<Vec<_>>(),
        "unknown": explanation.unknown,
        "grey": explanation.grey,
        "translated": translated.map(translated_code).collect::<Vec<_>>(),
        "what_if": what_if.collect::<Vec<_>>(),
        "text": explained.to_string(),
    })
}

fn coded(Coded { code, name: its }: &Coded<'_>) -> Value {
    json!({ "code": code, "name": name(its) })
}

/// Nothing where the scheme's tables give no name.
fn name(name: &str) -> Option<&str> {
    Some(name).filter(|name| !name.is_empty())
}

fn translated_code(Translated { from, fate }: &Translated<'_>) -> Value {
    match fate {
        Fate::Already(_) => json!({ "from": from, "to": [from] }),
        Fate::Mapped(to) => json!({ "from": from, "to": [to] }),
        Fate::Ambiguous(several) => json!({ "from": from, "to": several }),
        Fate::Unknown => json!({ "from": from, "to": [] }),
    }
}

fn severity(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::None => None,
        Severity::Cc => Some("CC"),
        Severity::Mcc => Some("MCC"),
    }
}

fn change(change: &Change) -> (&'static str, Option<&str>) {
    match change {
        Change::PrincipalDiagnosis(code) => ("principal_diagnosis", Some(code)),
        Change::PrincipalProcedure(code) => ("principal_procedure", Some(code)),
        Change::WithoutProcedures => ("without_procedures", None),
        Change::WithoutMcc => ("without_mcc", None),
        Change::WithoutMccAndCc => ("without_mcc_and_cc", None),
        Change::WithMcc => ("with_mcc", None),
        Change::WithCc => ("with_cc", None),
    }
}

use crate::Grouper;
use crate::answer::{Answer, Outcome, Severity};
use crate::case::Case;
use crate::engine::counts;
use crate::scheme::{Division, Test};

/// A change of a case and the group that it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhatIf {
    /// The change.
    pub change: Change,
    /// The code of the group.
    pub group: String,
    /// How grouping then ends.
    pub outcome: Outcome,
}

/// A change of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// This other diagnosis as the principal one.
    PrincipalDiagnosis(String),
    /// This other procedure as the principal one.
    PrincipalProcedure(String),
    /// No procedures.
    WithoutProcedures,
    /// Without the other diagnoses that count as MCC.
    WithoutMcc,
    /// Without those that count as MCC or CC.
    WithoutMccAndCc,
    /// With one more that counts as MCC.
    WithMcc,
    /// With one more that counts as CC.
    WithCc,
}

/// Each change of the case as it stands that leads to another group, found by grouping it anew.
pub(super) fn changes(grouper: &mut Grouper<'_>, case: &Case<'_>, answer: Answer) -> Vec<WhatIf> {
    let scheme = grouper.scheme();
    let before = (answer.code(scheme).into_owned(), answer.outcome);
    let mut found = Vec::new();
    let mut try_with = |change: Change, diagnoses: &[&str], procedures: &[&str]| {
        let after = grouper.group(&Case { diagnoses, procedures, ..*case });
        let (group, outcome) = (after.code(scheme).into_owned(), after.outcome);
        if (&group, outcome) != (&before.0, before.1) {
            found.push(WhatIf { change, group, outcome });
        }
    };
    for i in 1..case.diagnoses.len() {
        let mut diagnoses = case.diagnoses.to_vec();
        diagnoses.swap(0, i);
        try_with(Change::PrincipalDiagnosis(diagnoses[0].to_owned()), &diagnoses, case.procedures);
    }
    for i in 1..case.procedures.len() {
        let mut procedures = case.procedures.to_vec();
        procedures.swap(0, i);
        try_with(Change::PrincipalProcedure(procedures[0].to_owned()), case.diagnoses, &procedures);
    }
    if !case.procedures.is_empty() {
        try_with(Change::WithoutProcedures, case.diagnoses, &[]);
    }
    let Some(principal) = case.diagnoses.first().and_then(|code| scheme.diagnosis_codes.find(code)) else {
        return found;
    };
    let principal = &scheme.diagnoses[principal as usize];
    let weighs = |code: &str| {
        let id = scheme.diagnosis_codes.find(code);
        id.map_or(Severity::None, |id| counts(principal, &scheme.diagnoses[id as usize]))
    };
    let lighter = |at_most: Severity| -> Vec<&str> {
        let others = case.diagnoses[1..].iter().filter(|code| weighs(code) <= at_most);
        case.diagnoses[..1].iter().chain(others).copied().collect()
    };
    if answer.severity == Severity::Mcc {
        try_with(Change::WithoutMcc, &lighter(Severity::Cc), case.procedures);
    }
    let has_cc = case.diagnoses[1..].iter().any(|code| weighs(code) == Severity::Cc);
    if answer.severity == Severity::Cc || answer.severity == Severity::Mcc && has_cc {
        try_with(Change::WithoutMccAndCc, &lighter(Severity::None), case.procedures);
    }
    let Some(adrg) = answer.adrg.map(|adrg| &scheme.adrgs[usize::from(adrg)]) else { return found };
    if adrg.divisions.iter().any(|division| answer.drg == Some(division.drg) || asks_for_severity(division)) {
        return found;
    }
    for (change, severity, drg) in
        [(Change::WithCc, Severity::Cc, adrg.with_cc), (Change::WithMcc, Severity::Mcc, adrg.with_mcc)]
    {
        if let Some(drg) = drg.filter(|_| severity > answer.severity)
            && answer.drg.is_some_and(|now| now != drg)
        {
            found.push(WhatIf { change, group: scheme.drg_code(drg).to_owned(), outcome: Outcome::Grouped });
        }
    }
    found
}

fn asks_for_severity(division: &Division) -> bool {
    division.tests.iter().any(|test| matches!(test, Test::Severity(_)))
}

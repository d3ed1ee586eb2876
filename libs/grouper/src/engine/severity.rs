use super::rules::all_hold;
use super::{Holds, Interned, Watch};
use crate::answer::Severity;
use crate::case::Field;
use crate::scheme::{Adrg, Diagnosis, Scheme};

/// The severest other diagnosis that the principal one does not exclude.
pub(super) fn severity(scheme: &Scheme, case: &Interned<'_>) -> Severity {
    let principal = &scheme.diagnoses[case.principal as usize];
    let mut severest = Severity::None;
    for &other in &case.diagnoses[1..] {
        severest = severest.max(counts(principal, &scheme.diagnoses[other as usize]));
        if severest == Severity::Mcc {
            break;
        }
    }
    severest
}

/// What an other diagnosis counts as beside this principal one.
///
/// It counts when the exclusion table (排除表) that it names is not the one in
/// which the principal diagnosis stands.
pub(crate) fn counts(principal: &Diagnosis, other: &Diagnosis) -> Severity {
    if other.mcc != 0 && other.mcc != principal.excluded_by {
        Severity::Mcc
    } else if other.cc != 0 && other.cc != principal.excluded_by {
        Severity::Cc
    } else {
        Severity::None
    }
}

/// The table by which the principal diagnosis takes from an other one what it would count as.
pub(crate) fn excluded(principal: &Diagnosis, other: &Diagnosis) -> Option<u16> {
    let by = principal.excluded_by;
    (by != 0 && (other.mcc == by || other.cc == by)).then_some(by)
}

/// The ADRG's group: the first sub-group whose conditions hold, else the one of the severity.
///
/// # Errors
///
/// The field that is missing, if a sub-group stands first that asks for it.
pub(super) fn drg<W: Watch>(
    scheme: &Scheme,
    adrg: &Adrg,
    severity: Severity,
    case: &Interned<'_>,
    watch: &mut W,
) -> Result<Option<u16>, Field> {
    for division in &adrg.divisions {
        let (holds, failed) = all_hold(scheme, &division.tests, case);
        watch.division(division, holds, failed);
        match holds {
            Holds::Yes => return Ok(Some(division.drg)),
            Holds::Unknown(field) => return Err(field),
            Holds::No => {}
        }
    }
    Ok(match severity {
        Severity::Mcc => adrg.with_mcc,
        Severity::Cc => adrg.with_cc,
        Severity::None => adrg.without,
    })
}

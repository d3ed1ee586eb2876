//! Groups cases by a compiled scheme.

mod mdc;
mod rules;
mod severity;
mod watch;

pub(crate) use severity::{counts, excluded};
pub(crate) use watch::{Holds, Watch};

use crate::answer::{Answer, Outcome};
use crate::case::{Case, Field};
use crate::choices::Grey;
use crate::scheme::Scheme;

/// Groups cases, one at a time, keeping its buffers between them.
#[derive(Debug)]
pub struct Grouper<'s> {
    scheme: &'s Scheme,
    diagnoses: Vec<u32>,
    procedures: Vec<u32>,
}

/// A case whose codes are interned. A code the scheme does not know is left
/// out, unless it is the principal one.
pub(crate) struct Interned<'c> {
    case: &'c Case<'c>,
    days_old: Result<u32, Field>,
    principal: u32,
    /// All known diagnoses, the principal one first.
    diagnoses: &'c [u32],
    principal_procedure: Option<u32>,
    /// All known procedures.
    procedures: &'c [u32],
    /// Whether any procedure is an operation.
    operated: bool,
}

impl<'s> Grouper<'s> {
    /// A grouper by `scheme`; each thread has its own.
    #[must_use]
    pub fn new(scheme: &'s Scheme) -> Self {
        Self { scheme, diagnoses: Vec::with_capacity(40), procedures: Vec::with_capacity(40) }
    }

    /// The scheme it groups by.
    #[must_use]
    pub fn scheme(&self) -> &'s Scheme {
        self.scheme
    }

    /// Groups one case.
    #[must_use]
    pub fn group(&mut self, case: &Case<'_>) -> Answer {
        self.group_watched(case, &mut ())
    }

    /// Groups one case, telling `watch` of each step.
    pub(crate) fn group_watched<W: Watch>(&mut self, case: &Case<'_>, watch: &mut W) -> Answer {
        let scheme = self.scheme;
        let Some((principal, others)) = case.diagnoses.split_first() else {
            return Answer::ungrouped(Outcome::InvalidCode);
        };
        let Some(principal) = scheme.diagnosis_codes.id(principal) else {
            return Answer::ungrouped(Outcome::InvalidCode);
        };
        if scheme.diagnoses[principal as usize].grey && scheme.choices.grey_diagnosis == Grey::Ends {
            return Answer::ungrouped(Outcome::InvalidCode);
        }
        self.diagnoses.clear();
        self.diagnoses.push(principal);
        self.diagnoses.extend(others.iter().filter_map(|code| scheme.diagnosis_codes.id(code)));

        let principal_procedure = case.procedures.first().and_then(|code| scheme.procedure_codes.id(code));
        let grey = principal_procedure.is_some_and(|p| scheme.procedures[p as usize].grey);
        if grey && scheme.choices.grey_procedure == Grey::Ends {
            return Answer::ungrouped(Outcome::InvalidCode);
        }
        self.procedures.clear();
        self.procedures.extend(principal_procedure);
        let others = case.procedures.iter().skip(1);
        self.procedures.extend(others.filter_map(|code| scheme.procedure_codes.id(code)));

        let interned = Interned {
            case,
            days_old: case.days_old(),
            principal,
            diagnoses: &self.diagnoses,
            principal_procedure,
            procedures: &self.procedures,
            operated: self.procedures.iter().any(|&p| scheme.procedures[p as usize].operation),
        };
        group_interned(scheme, &interned, watch)
    }
}

/// Tries the MDCs in order; the first that takes the case decides.
fn group_interned<W: Watch>(scheme: &Scheme, case: &Interned<'_>, watch: &mut W) -> Answer {
    for (mdc, number) in scheme.mdcs.iter().zip(0_u8..) {
        let entered = mdc::enters(scheme, number, case);
        watch.mdc(number, entered);
        match entered {
            Holds::No => continue,
            Holds::Unknown(field) => {
                return Answer { mdc: Some(number), ..Answer::ungrouped(Outcome::NeedsData(field)) };
            }
            Holds::Yes => {}
        }
        let (outcome, adrg) = match rules::first_match(scheme, mdc, case, watch) {
            rules::Found::Rule(rule) => (Outcome::Grouped, Some(scheme.rules[usize::from(rule)].adrg)),
            rules::Found::NeedsData(field) => (Outcome::NeedsData(field), None),
            rules::Found::Ambiguous | rules::Found::Nothing if mdc::only_by_rule(mdc.entry) => continue,
            rules::Found::Ambiguous => (Outcome::Ambiguous, None),
            rules::Found::Nothing => (Outcome::NotGrouped, None),
        };
        let severity = severity::severity(scheme, case);
        let drg = adrg.and_then(|adrg| severity::drg(&scheme.adrgs[usize::from(adrg)], severity));
        let outcome = if adrg.is_some() && drg.is_none() { Outcome::NotGrouped } else { outcome };
        return Answer { outcome, mdc: Some(number), adrg, drg, severity };
    }
    Answer { severity: severity::severity(scheme, case), ..Answer::ungrouped(Outcome::NotGrouped) }
}

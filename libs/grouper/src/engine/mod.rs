//! Groups cases by a compiled scheme.

mod mdc;
mod rules;
mod severity;
mod watch;

pub(crate) use mdc::{NEWBORN_DAYS, YEAR_DAYS};
pub(crate) use severity::{counts, excluded};
pub(crate) use watch::{Holds, Watch};

use crate::answer::{Answer, Outcome, Severity};
use crate::case::{Case, Facts};
use crate::choices::Grey;
use crate::scheme::Scheme;

/// Groups cases, one at a time, keeping its buffers between them.
#[derive(Debug)]
pub struct Grouper<'s> {
    scheme: &'s Scheme,
    diagnoses: Vec<u32>,
    procedures: Vec<u32>,
    n_passed_over: usize,
}

/// A case whose codes are interned. A code the scheme does not know is left
/// out, unless it is the principal one.
pub(crate) struct Interned<'c> {
    facts: &'c Facts,
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
        Self {
            scheme,
            diagnoses: Vec::with_capacity(40),
            procedures: Vec::with_capacity(40),
            n_passed_over: 0,
        }
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
        self.group_codes(
            &case.facts(),
            case.diagnoses.iter().copied(),
            case.procedures.iter().copied(),
            watch,
        )
    }

    /// Groups one case, whose codes come one by one, the principal ones first.
    pub(crate) fn group_codes<'c, W: Watch>(
        &mut self,
        facts: &Facts,
        mut diagnoses: impl Iterator<Item = &'c str>,
        mut procedures: impl Iterator<Item = &'c str>,
        watch: &mut W,
    ) -> Answer {
        let scheme = self.scheme;
        self.diagnoses.clear();
        self.procedures.clear();
        self.n_passed_over = 0;
        let Some(principal) = diagnoses.next().and_then(|code| scheme.diagnosis_codes.find(code)) else {
            return Answer::ungrouped(Outcome::InvalidCode);
        };
        if scheme.diagnoses[principal as usize].grey && scheme.choices.grey_diagnosis == Grey::Ends {
            return Answer::ungrouped(Outcome::InvalidCode);
        }
        let mut n_passed_over = 0;
        let mut known = |found: Option<u32>| {
            n_passed_over += usize::from(found.is_none());
            found
        };
        let principal_procedure = procedures.next().and_then(|code| known(scheme.procedure_codes.find(code)));
        let grey = principal_procedure.is_some_and(|p| scheme.procedures[p as usize].grey);
        if grey && scheme.choices.grey_procedure == Grey::Ends {
            return Answer::ungrouped(Outcome::InvalidCode);
        }
        self.diagnoses.push(principal);
        self.diagnoses.extend(diagnoses.filter_map(|code| known(scheme.diagnosis_codes.find(code))));
        self.procedures.extend(principal_procedure);
        self.procedures.extend(procedures.filter_map(|code| known(scheme.procedure_codes.find(code))));
        self.n_passed_over = n_passed_over;
        let interned = Interned {
            facts,
            principal,
            diagnoses: &self.diagnoses,
            principal_procedure,
            procedures: &self.procedures,
            operated: self.procedures.iter().any(|&p| scheme.procedures[p as usize].operation),
        };
        group_interned(scheme, &interned, watch)
    }

    /// How many codes of the case grouped last the scheme does not know; an unknown principal diagnosis is no case to
    /// group, other codes are passed over.
    #[must_use]
    pub fn n_passed_over(&self) -> usize {
        self.n_passed_over
    }

    /// The other diagnoses of the case grouped last that count as `severity`; by a scheme
    /// of categories their categories.
    pub fn counted(&self, severity: Severity) -> impl Iterator<Item = &'s str> {
        let scheme = self.scheme;
        let (principal, others) = match self.diagnoses.split_first() {
            Some((&principal, others)) => (Some(&scheme.diagnoses[principal as usize]), others),
            None => (None, [].as_slice()),
        };
        let counting = others.iter().filter(move |&&other| {
            principal.is_some_and(|p| severity::counts(p, &scheme.diagnoses[other as usize]) == severity)
        });
        counting.map(move |&other| scheme.diagnosis_codes.text(other))
    }

    /// What a diagnosis counts as beside the principal one of the case grouped last.
    #[must_use]
    pub fn counts_as(&self, diagnosis: &str) -> Severity {
        let principal = self.diagnoses.first().map(|&principal| &self.scheme.diagnoses[principal as usize]);
        let other = self.scheme.diagnosis_codes.find(diagnosis);
        match (principal, other) {
            (Some(principal), Some(other)) => {
                severity::counts(principal, &self.scheme.diagnoses[other as usize])
            }
            _ => Severity::None,
        }
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
        let found =
            adrg.map(|adrg| severity::drg(scheme, &scheme.adrgs[usize::from(adrg)], severity, case, watch));
        let (outcome, drg) = match found {
            None => (outcome, None),
            Some(Ok(Some(drg))) => (outcome, Some(drg)),
            Some(Ok(None)) => (Outcome::NotGrouped, None),
            Some(Err(field)) => (Outcome::NeedsData(field), None),
        };
        return Answer { outcome, mdc: Some(number), adrg, drg, severity };
    }
    Answer { severity: severity::severity(scheme, case), ..Answer::ungrouped(Outcome::NotGrouped) }
}

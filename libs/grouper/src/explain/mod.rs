//! Why a case falls where it does, and what would have changed that.

mod asked;
mod text;
mod what_if;

use crate::answer::{Answer, Severity};
use crate::case::Case;
use crate::engine::{Holds, Watch, counts, excluded};
use crate::scheme::Division;
use crate::{Grouper, Scheme};

use asked::Asked;
pub use what_if::{Change, WhatIf};

/// Why a case falls where it does. [`std::fmt::Display`] writes it for a coder (编码员), in Chinese.
#[derive(Clone, Debug)]
pub struct Explanation<'s> {
    scheme: &'s Scheme,
    /// The group.
    pub answer: Answer,
    /// The rules that were tried, in their order.
    pub tried: Vec<Tried>,
    /// The sub-groups of the ADRG that were tried, in their order; `variant` is the DRG.
    pub divided: Vec<Tried>,
    /// What each other diagnosis counts as.
    pub complications: Vec<Complication>,
    /// Codes that the scheme does not know; they are left out.
    pub unknown: Vec<String>,
    /// Why the case came into its MDC.
    entered: String,
    /// Other groups that a change would lead to.
    pub what_if: Vec<WhatIf>,
}

/// A rule that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The ADRG, and which of its ways, e.g. `JA1_2`.
    pub variant: String,
    /// What it asks for, in words, with the code of the case that meets it.
    pub asks: Vec<String>,
    /// Which of these does not hold; none: the rule holds.
    pub failed: Option<usize>,
    /// What the case has instead, in words, where that says more.
    pub has: Option<String>,
    /// The field is missing that this one looks at.
    pub unknown: bool,
}

/// What an other diagnosis counts as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complication {
    /// The diagnosis.
    pub code: String,
    /// What the tables list it as.
    pub listed: Severity,
    /// What it counts as beside the principal diagnosis.
    pub counts: Severity,
    /// The exclusion table by which the principal diagnosis takes that away.
    pub excluded_by: Option<u16>,
}

impl<'s> Grouper<'s> {
    /// Groups a case and says why it falls where it does.
    #[must_use]
    pub fn explain(&mut self, case: &Case<'_>) -> Explanation<'s> {
        let scheme = self.scheme();
        let asked = Asked { scheme, case };
        let mut seen = Seen { asked, tried: Vec::new(), divided: Vec::new(), mdc: None };
        let answer = self.group_watched(case, &mut seen);
        let what_if = what_if::changes(self, case, answer);
        Explanation {
            scheme,
            answer,
            complications: complications(scheme, case),
            unknown: unknown(scheme, case),
            entered: seen.mdc.map(|mdc| text::entry(scheme, mdc, case)).unwrap_or_default(),
            tried: seen.tried,
            divided: seen.divided,
            what_if,
        }
    }
}

fn complications(scheme: &Scheme, case: &Case<'_>) -> Vec<Complication> {
    let id = |code: &&str| scheme.diagnosis_codes.find(code);
    let Some(principal) = case.diagnoses.first().and_then(id) else { return Vec::new() };
    let principal = &scheme.diagnoses[principal as usize];
    let others = case.diagnoses.iter().skip(1).filter_map(|code| Some((code, id(code)?)));
    others
        .map(|(code, id)| {
            let other = &scheme.diagnoses[id as usize];
            let listed = match (other.mcc != 0, other.cc != 0) {
                (true, _) => Severity::Mcc,
                (false, true) => Severity::Cc,
                (false, false) => Severity::None,
            };
            Complication {
                code: (*code).to_owned(),
                listed,
                counts: counts(principal, other),
                excluded_by: excluded(principal, other),
            }
        })
        .filter(|complication| complication.listed != Severity::None)
        .collect()
}

fn unknown(scheme: &Scheme, case: &Case<'_>) -> Vec<String> {
    let diagnoses = case.diagnoses.iter().filter(|code| scheme.diagnosis_codes.find(code).is_none());
    let procedures = case.procedures.iter().filter(|code| scheme.procedure_codes.find(code).is_none());
    diagnoses.chain(procedures).map(|code| (*code).to_owned()).collect()
}

/// Writes down what the engine does.
struct Seen<'a> {
    asked: Asked<'a>,
    tried: Vec<Tried>,
    divided: Vec<Tried>,
    mdc: Option<u8>,
}

impl Watch for Seen<'_> {
    fn mdc(&mut self, mdc: u8, entered: Holds) {
        if entered != Holds::No {
            self.mdc = Some(mdc);
        }
    }

    fn rule(&mut self, rule: u16, holds: Holds, failed: Option<usize>) {
        let rule = &self.asked.scheme.rules[usize::from(rule)];
        let tests = asked::tests(rule);
        // What leads to the rule holds, and stands before its other tests.
        let failed = failed.map(|test| test + tests.len() - rule.tests.len());
        self.tried.push(self.asked.tried(&rule.variant, &tests, holds, failed));
    }

    fn division(&mut self, division: &Division, holds: Holds, failed: Option<usize>) {
        let code = self.asked.scheme.drg_code(division.drg);
        self.divided.push(self.asked.tried(code, &division.tests, holds, failed));
    }
}

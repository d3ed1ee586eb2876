//! Why a case falls where it does, and what would have changed that.

mod asked;
mod entry;
mod names;
mod reason;
mod supplied;
mod text;
mod wanted;
mod weighed;
mod what_if;

use crate::answer::{Answer, Outcome, Severity};
use crate::case::Case;
use crate::engine::{Holds, Watch};
use crate::scheme::{Anchor, Division};
use crate::{Grouper, Scheme};

use asked::Asked;
use names::Lists;
pub use reason::Invalid;
pub use what_if::{Change, WhatIf};

/// Why a case falls where it does. [`std::fmt::Display`] writes it for a coder (编码员), in Chinese.
#[derive(Clone, Debug)]
pub struct Explanation<'s> {
    scheme: &'s Scheme,
    /// The group.
    pub answer: Answer,
    /// Its diagnoses, the principal one first.
    pub diagnoses: Vec<Coded<'s>>,
    /// Its procedures, the principal one first.
    pub procedures: Vec<Coded<'s>>,
    /// The rules that were tried, in their order.
    pub tried: Vec<Tried>,
    /// The sub-groups of the ADRG that were tried, in their order; `variant` is the DRG.
    pub divided: Vec<Tried>,
    /// What each other diagnosis counts as that the tables list.
    pub complications: Vec<Complication>,
    /// Codes that the scheme does not know; they are left out.
    pub unknown: Vec<String>,
    /// What makes its principal codes invalid, where they are.
    pub invalid: Option<Invalid>,
    /// Its principal codes that are grey (灰码), also where the scheme groups by them.
    pub grey: Vec<String>,
    /// Other groups that a change would lead to.
    pub what_if: Vec<WhatIf>,
    /// Why the case is in no group, and which of its principal codes are grey, sentence by sentence.
    reasons: Vec<String>,
    /// MDCs that the case did not come into although something leads there, and why.
    passed: Vec<String>,
    /// Why the case came into its MDC, or what is not known of that.
    entered: Option<String>,
    /// Other diagnoses that neither table of complications lists.
    uncounted: Vec<String>,
    /// Values of the field that is missing, and what they would lead to.
    supplied: Vec<(String, Answer)>,
}

/// A code of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coded<'s> {
    /// The code.
    pub code: String,
    /// What the scheme's code lists call it; empty: they have no name of it.
    pub name: &'s str,
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
    /// It asks for procedures of which the case has none, and nothing of the case leads to it.
    is_idle: bool,
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
    /// Its exclusion table, by which some principal diagnoses take that away;
    /// [`EXCLUDED_BY_NONE`](crate::source::EXCLUDED_BY_NONE): none does.
    pub table: u16,
    /// The exclusion table by which the principal diagnosis takes that away.
    pub excluded_by: Option<u16>,
}

impl<'s> Grouper<'s> {
    /// Groups a case and says why it falls where it does.
    #[must_use]
    pub fn explain(&mut self, case: &Case<'_>) -> Explanation<'s> {
        let scheme = self.scheme();
        let asked = Asked { scheme, case };
        let mut seen = Seen { asked, tried: Vec::new(), divided: Vec::new(), mdcs: Vec::new() };
        let answer = self.group_watched(case, &mut seen);
        let not_entered = seen.mdcs.iter().filter(|(_, entered)| *entered == Holds::No);
        let last = seen.mdcs.last().filter(|(mdc, _)| answer.mdc == Some(*mdc));
        Explanation {
            scheme,
            answer,
            complications: weighed::complications(scheme, case),
            unknown: unknown(scheme, case),
            what_if: what_if::changes(self, case, answer),
            invalid: (answer.outcome == Outcome::InvalidCode)
                .then(|| reason::invalid(scheme, case))
                .flatten(),
            grey: scheme.grey_principals(case).into_iter().flatten().map(str::to_owned).collect(),
            reasons: reason::reasons(scheme, case, answer)
                .into_iter()
                .chain(wanted::wanted(self, case, answer))
                .collect(),
            diagnoses: coded(case.diagnoses, |code| scheme.diagnosis_name(code)),
            procedures: coded(case.procedures, |code| scheme.procedure_name(code)),
            passed: not_entered.filter_map(|(mdc, _)| entry::passed(scheme, *mdc, case)).collect(),
            entered: last.map(|(mdc, entered)| match entered {
                Holds::Unknown(_) => format!("不知是否进入 {}", entry::undecided(scheme, *mdc, case)),
                Holds::Yes | Holds::No => format!("进入 {}", entry::entered(scheme, *mdc, case)),
            }),
            uncounted: weighed::uncounted(scheme, case),
            supplied: supplied::values(self, case, answer),
            tried: seen.tried,
            divided: seen.divided,
        }
    }
}

fn coded<'s>(codes: &[&str], name: impl Fn(&str) -> &'s str) -> Vec<Coded<'s>> {
    codes.iter().map(|code| Coded { code: (*code).to_owned(), name: name(code) }).collect()
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
    mdcs: Vec<(u8, Holds)>,
}

impl Watch for Seen<'_> {
    fn mdc(&mut self, mdc: u8, entered: Holds) {
        self.mdcs.push((mdc, entered));
    }

    fn rule(&mut self, rule: u16, holds: Holds, failed: Option<usize>) {
        let rule = &self.asked.scheme.rules[usize::from(rule)];
        let tests = asked::tests(rule);
        // What leads to the rule holds, and stands before its other tests.
        let failed = failed.map(|test| test + tests.len() - rule.tests.len());
        let lists = Lists { owner: &rule.variant, tests: &tests, tables: &rule.tables };
        let is_idle = holds == Holds::No && rule.anchor == Anchor::None && self.asked.is_idle(&tests);
        self.tried.push(Tried { is_idle, ..self.asked.tried(lists, holds, failed) });
    }

    fn division(&mut self, division: &Division, holds: Holds, failed: Option<usize>) {
        let owner = self.asked.scheme.drg_code(division.drg);
        let lists = Lists { owner, tests: &division.tests, tables: &[] };
        self.divided.push(self.asked.tried(lists, holds, failed));
    }
}

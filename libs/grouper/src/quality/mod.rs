//! List quality (病案首页、医保基金结算清单质控): what is wrong with a discharge's list before it is grouped.
//!
//! One rule a function. A rule looks only at fields that the list has.

mod categories;
mod codes;
mod cost;
mod finding;
mod front_page;
mod person;
mod required;
mod stay;
#[cfg(test)]
mod tests;

pub use finding::{Finding, Kind, Level, ListField};
pub use front_page::{Discharge, FrontPage, Given};

use crate::Scheme;

/// Bounds of what can be. The defaults are wide: beyond them is a slip of the pen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The greatest age in years; default 124.
    pub oldest_years: u16,
    /// Ages in years, both in, at which childbirth is no mistake; default 9 to 64.
    pub maternal_years: [u16; 2],
    /// Birth weights in grams, both in; default 100 to 9999.
    pub birth_weight_g: [u16; 2],
}

impl Default for Limits {
    fn default() -> Self {
        Self { oldest_years: 124, maternal_years: [9, 64], birth_weight_g: [100, 9999] }
    }
}

/// Every rule, in the order of their findings.
const RULES: [fn(&mut Checked<'_, '_>); 12] = [
    required::fields_are_filled,
    codes::codes_are_known,
    codes::no_grey_code_is_principal,
    codes::no_code_stands_twice,
    codes::the_principal_diagnosis_can_be_one,
    person::codes_fit_the_sex,
    person::codes_fit_the_age,
    person::ages_can_be,
    person::the_birth_weight_can_be,
    stay::discharge_follows_admission,
    stay::procedures_have_their_day,
    cost::costs_add_up,
];

/// Checks a discharge's list by the code lists of a scheme.
///
/// - Returns what is wrong, rule by rule; nothing: the list is in order.
#[must_use]
pub fn check(page: &FrontPage<'_>, scheme: &Scheme, limits: &Limits) -> Vec<Finding> {
    let mut list = Checked { page, scheme, limits, found: Vec::new() };
    for rule in RULES {
        rule(&mut list);
    }
    list.found
}

/// Whether any of the findings keeps the case from being grouped.
#[must_use]
pub fn blocks(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.level == Level::Blocking)
}

/// A list under its rules.
struct Checked<'c, 'a> {
    page: &'c FrontPage<'a>,
    scheme: &'c Scheme,
    limits: &'c Limits,
    found: Vec<Finding>,
}

impl Checked<'_, '_> {
    fn finds(&mut self, kind: Kind, level: Level, field: ListField, index: Option<usize>, value: &str) {
        self.found.push(Finding { kind, level, field, index, value: value.to_owned() });
    }

    fn blocks(&mut self, kind: Kind, field: ListField, index: Option<usize>, value: &str) {
        self.finds(kind, Level::Blocking, field, index, value);
    }

    fn warns(&mut self, kind: Kind, field: ListField, index: Option<usize>, value: &str) {
        self.finds(kind, Level::Warning, field, index, value);
    }
}

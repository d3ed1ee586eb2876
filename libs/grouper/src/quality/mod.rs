//! List quality (病案首页、医保基金结算清单质控): what is wrong with a discharge's list before it is grouped.
//!
//! One rule a function. A rule looks only at fields that the list has.

mod categories;
mod codes;
mod cost;
mod finding;
mod front_page;
mod limits;
mod person;
mod required;
mod stay;
#[cfg(test)]
mod tests;

pub(crate) use codes::is_never_principal;
pub use finding::{Finding, Kind, Level, ListField};
pub use front_page::{Discharge, FrontPage, Given};
pub use limits::Limits;

use crate::Scheme;

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

/// Checks a discharge's list by the code lists and the limits of a scheme.
///
/// - Returns what is wrong, rule by rule; nothing: the list is in order.
#[must_use]
pub fn check(page: &FrontPage<'_>, scheme: &Scheme) -> Vec<Finding> {
    let mut list = Checked { page, scheme, limits: scheme.limits(), found: Vec::new() };
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
    limits: Limits,
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

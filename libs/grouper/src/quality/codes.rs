use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::categories::{self, lies_in};
use super::{Checked, Kind, Level, ListField};
use crate::choices::Grey;

/// Every code stands in the scheme's code lists. An unknown principal one blocks: without it the
/// case would be another; other unknown ones are left out of grouping. A scheme of categories has
/// no list of procedures, only those that are operations.
pub(super) fn codes_are_known(list: &mut Checked<'_, '_>) {
    let (page, scheme) = (list.page, list.scheme);
    for (field, codes, known) in [
        (ListField::Diagnoses, page.case.diagnoses, &scheme.diagnosis_codes),
        (ListField::Procedures, page.case.procedures, &scheme.procedure_codes),
    ] {
        if scheme.is_by_category() && field == ListField::Procedures {
            continue;
        }
        let unknown = |(_, code): &(usize, &&str)| !code.is_empty() && known.find(code).is_none();
        for (i, code) in codes.iter().enumerate().filter(unknown) {
            list.finds(Kind::UnknownCode, principal_blocks(i), field, Some(i), code);
        }
    }
}

/// No grey code (灰码) is the principal one; it blocks where the scheme does not group by it.
pub(super) fn no_grey_code_is_principal(list: &mut Checked<'_, '_>) {
    let (scheme, choices) = (list.scheme, list.scheme.choices());
    let [diagnosis, procedure] = scheme.grey_principals(&list.page.case);
    for (code, field, grey) in [
        (diagnosis, ListField::Diagnoses, choices.grey_diagnosis),
        (procedure, ListField::Procedures, choices.grey_procedure),
    ] {
        let level = match grey {
            Grey::Ends => Level::Blocking,
            Grey::Groups => Level::Warning,
        };
        if let Some(code) = code {
            list.finds(Kind::GreyCode, level, field, Some(0), code);
        }
    }
}

/// No diagnosis stands twice, and no procedure twice on one day.
pub(super) fn no_code_stands_twice(list: &mut Checked<'_, '_>) {
    let page = list.page;
    let mut seen = BTreeSet::new();
    for (i, code) in page.case.diagnoses.iter().enumerate() {
        if !seen.insert(code) {
            list.warns(Kind::DuplicateCode, ListField::Diagnoses, Some(i), code);
        }
    }
    let dates = page.procedure_dates.value().unwrap_or_default();
    let mut seen: BTreeSet<(&str, Option<NaiveDate>)> = BTreeSet::new();
    for (i, code) in page.case.procedures.iter().enumerate() {
        if !seen.insert((code, dates.get(i).copied().flatten())) {
            list.warns(Kind::DuplicateCode, ListField::Procedures, Some(i), code);
        }
    }
}

/// The principal diagnosis is none that only ever says more of another one: an external cause, an
/// agent, the outcome of a delivery, or a manifestation (星号编码) without its cause.
pub(super) fn the_principal_diagnosis_can_be_one(list: &mut Checked<'_, '_>) {
    let Some(code) = list.page.case.diagnoses.first() else { return };
    if is_never_principal(code) {
        list.blocks(Kind::NeverPrincipal, ListField::Diagnoses, Some(0), code);
    }
}

/// Whether a code only ever says more of another diagnosis.
pub(crate) fn is_never_principal(code: &str) -> bool {
    let manifestation = code.ends_with('*') && !code.contains('+');
    manifestation || lies_in(code, &categories::COMPANIONS)
}

pub(super) fn principal_blocks(index: usize) -> Level {
    if index == 0 { Level::Blocking } else { Level::Warning }
}

use super::categories::{self, lies_in};
use super::codes::principal_blocks;
use super::{Checked, Kind, ListField};
use crate::Sex;
use crate::engine::YEAR_DAYS;

/// No code belongs to the other sex; in the principal place that blocks.
pub(super) fn codes_fit_the_sex(list: &mut Checked<'_, '_>) {
    let case = &list.page.case;
    let (diagnoses, procedures): (&[[&str; 2]], &[[&str; 2]]) = match case.sex {
        Some(Sex::Male) => (&categories::FEMALE, &categories::FEMALE_PROCEDURES),
        Some(Sex::Female) => (&categories::MALE, &categories::MALE_PROCEDURES),
        None => return,
    };
    for (field, codes, of_the_other) in [
        (ListField::Diagnoses, case.diagnoses, diagnoses),
        (ListField::Procedures, case.procedures, procedures),
    ] {
        for (i, code) in codes.iter().enumerate().filter(|(_, code)| lies_in(code, of_the_other)) {
            list.finds(Kind::SexConflict, principal_blocks(i), field, Some(i), code);
        }
    }
}

/// Childbirth belongs to childbearing ages, and a perinatal principal diagnosis to the first year.
pub(super) fn codes_fit_the_age(list: &mut Checked<'_, '_>) {
    let (case, limits) = (&list.page.case, list.limits);
    let years = case.age_years.map(u32::from).or(case.age_days.map(|days| days / YEAR_DAYS));
    let Some(years) = years else { return };
    let [youngest, oldest] = limits.maternal_years.map(u32::from);
    for (i, code) in case.diagnoses.iter().enumerate() {
        let obstetric = lies_in(code, &categories::OBSTETRIC) && !(youngest..=oldest).contains(&years);
        let perinatal = i == 0 && lies_in(code, &categories::PERINATAL) && years > 0;
        if obstetric || perinatal {
            list.warns(Kind::AgeConflict, ListField::Diagnoses, Some(i), code);
        }
    }
}

/// The age is one that people have, and both ages say the same. It blocks where one of them says
/// that the patient is under one year and the other does not: newborns are grouped by themselves.
pub(super) fn ages_can_be(list: &mut Checked<'_, '_>) {
    let (case, limits) = (&list.page.case, list.limits);
    if let Some(years) = case.age_years.filter(|&years| years > limits.oldest_years) {
        list.blocks(Kind::ImplausibleAge, ListField::AgeYears, None, &years.to_string());
    }
    let (Some(years), Some(days)) = (case.age_years, case.age_days) else { return };
    let years = u32::from(years);
    // A year has 365 or 366 days; some count every year as 365.
    if (years * YEAR_DAYS..(years + 1) * (YEAR_DAYS + 1)).contains(&days) {
        return;
    }
    if case.ages_contradict() {
        list.blocks(Kind::AgesDisagree, ListField::AgeDays, None, &days.to_string());
    } else {
        list.warns(Kind::AgesDisagree, ListField::AgeDays, None, &days.to_string());
    }
}

/// A birth weight is one that newborns have.
pub(super) fn the_birth_weight_can_be(list: &mut Checked<'_, '_>) {
    let [least, most] = list.limits.birth_weight_g;
    if let Some(grams) = list.page.case.birth_weight_g.filter(|grams| !(least..=most).contains(grams)) {
        list.blocks(Kind::ImplausibleBirthWeight, ListField::BirthWeight, None, &grams.to_string());
    }
}

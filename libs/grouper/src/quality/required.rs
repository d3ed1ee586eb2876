use super::{Checked, Given, Kind, ListField};
use crate::engine::NEWBORN_DAYS;

/// Required fields are filled: those that grouping needs always, others where the list has them.
pub(super) fn fields_are_filled(list: &mut Checked<'_, '_>) {
    let page = list.page;
    let case = &page.case;
    let age_in_days_is_needed = case.age_years == Some(0) && case.age_days.is_none();
    let newborn = case.age_days.is_some_and(|days| days <= NEWBORN_DAYS);
    for (field, empty) in [
        (ListField::Id, page.id.trim().is_empty()),
        (ListField::Sex, case.sex.is_none()),
        (ListField::AgeYears, case.age_years.is_none() && case.age_days.is_none()),
        (ListField::AgeDays, age_in_days_is_needed),
        (ListField::BirthWeight, newborn && case.birth_weight_g.is_none()),
        (ListField::Diagnoses, case.diagnoses.first().is_none_or(|principal| principal.is_empty())),
        (ListField::AdmissionDate, page.admission_date == Given::Empty),
        (ListField::DischargeDate, page.discharge_date == Given::Empty),
        (ListField::Discharge, page.discharge == Given::Empty),
        (ListField::TotalCost, page.total_cost == Given::Empty),
    ] {
        if empty {
            list.blocks(Kind::Missing, field, None, "");
        }
    }
}

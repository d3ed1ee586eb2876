use super::{Checked, Given, Kind, ListField};

/// The patient left on the day of admission or later.
pub(super) fn discharge_follows_admission(list: &mut Checked<'_, '_>) {
    let page = list.page;
    if let (Given::Is(admitted), Given::Is(discharged)) = (page.admission_date, page.discharge_date)
        && discharged < admitted
    {
        let value = discharged.to_string();
        list.blocks(Kind::DischargedBeforeAdmitted, ListField::DischargeDate, None, &value);
    }
}

/// Every procedure has its day, where the list has a field for it, and it lies within the stay.
pub(super) fn procedures_have_their_day(list: &mut Checked<'_, '_>) {
    let page = list.page;
    let dates = match page.procedure_dates {
        Given::NotAsked => return,
        Given::Empty => &[],
        Given::Is(dates) => dates,
    };
    for (i, code) in page.case.procedures.iter().enumerate() {
        let Some(date) = dates.get(i).copied().flatten() else {
            list.warns(Kind::ProcedureWithoutDate, ListField::ProcedureDates, Some(i), code);
            continue;
        };
        let early = page.admission_date.value().is_some_and(|admitted| date < admitted);
        let late = page.discharge_date.value().is_some_and(|discharged| date > discharged);
        if early || late {
            let value = date.to_string();
            list.warns(Kind::ProcedureOutsideStay, ListField::ProcedureDates, Some(i), &value);
        }
    }
}

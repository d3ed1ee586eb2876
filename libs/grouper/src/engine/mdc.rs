use super::{Holds, Interned};
use crate::case::{Field, Sex};
use crate::choices::Position;
use crate::scheme::{Entry, Scheme};

/// Days of age up to which a patient is a newborn (新生儿, 出生年龄＜29 天).
pub(crate) const NEWBORN_DAYS: u32 = 28;
/// Days of a year of age.
pub(crate) const YEAR_DAYS: u32 = 365;

/// Whether the case comes into the MDC.
pub(super) fn enters(scheme: &Scheme, number: u8, case: &Interned<'_>) -> Holds {
    let mdc = &scheme.mdcs[usize::from(number)];
    let principal = &scheme.diagnoses[case.principal as usize];
    let led = principal.mdcs & (1 << number) != 0;
    match mdc.entry {
        Entry::AnyRule => (!case.procedures.is_empty()).into(),
        Entry::NewbornByAge => match case.facts.days_old {
            Ok(days) => (days <= NEWBORN_DAYS || days < YEAR_DAYS && led).into(),
            Err(field) => Holds::Unknown(field),
        },
        Entry::NewbornByDiagnosis if !led => Holds::No,
        Entry::NewbornByDiagnosis => match case.facts.days_old {
            Ok(days) => (days < YEAR_DAYS).into(),
            Err(field) => Holds::Unknown(field),
        },
        Entry::Hiv => match scheme.choices.hiv {
            Position::Any => case.diagnoses.iter().any(|&d| scheme.diagnoses[d as usize].hiv).into(),
            Position::Principal => principal.hiv.into(),
        },
        Entry::Trauma => {
            let regions = case.diagnoses.iter().fold(0, |all, &d| all | scheme.diagnoses[d as usize].trauma);
            let placed = principal.trauma != 0 || scheme.choices.trauma == Position::Any;
            (regions.count_ones() >= 2 && placed).into()
        }
        Entry::Principal => led.into(),
        Entry::MalePrincipal => of_sex(led, case.facts.sex, Sex::Male),
        Entry::FemalePrincipal => of_sex(led, case.facts.sex, Sex::Female),
    }
}

fn of_sex(led: bool, sex: Option<Sex>, wanted: Sex) -> Holds {
    match (led, sex) {
        (false, _) => Holds::No,
        (true, None) => Holds::Unknown(Field::Sex),
        (true, Some(sex)) => (sex == wanted).into(),
    }
}

/// Whether a case that matches none of the MDC's rules goes on to the next MDC.
pub(super) fn only_by_rule(entry: Entry) -> bool {
    entry == Entry::AnyRule
}

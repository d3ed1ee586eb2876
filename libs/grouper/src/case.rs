use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::engine::YEAR_DAYS;

/// A discharge (出院病例) as far as grouping looks at it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Case<'a> {
    /// The patient's sex, if known.
    pub sex: Option<Sex>,
    /// Age in whole years (年龄).
    pub age_years: Option<u16>,
    /// Age in days (不足一周岁的年龄).
    pub age_days: Option<u32>,
    /// Birth weight of a newborn in grams (新生儿出生体重).
    pub birth_weight_g: Option<u16>,
    /// Days of stay (住院天数), which some regions' groups ask for.
    pub stay_days: Option<u16>,
    /// Diagnoses, ICD-10 医保版, the principal one (主要诊断) first.
    pub diagnoses: &'a [&'a str],
    /// Procedures, ICD-9-CM-3 医保版, the principal one (主要手术) first.
    pub procedures: &'a [&'a str],
}

/// Sex as the front page codes it (病案首页性别).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sex {
    /// 1, 男.
    Male,
    /// 2, 女.
    Female,
}

/// A field that grouping may have to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The sex.
    Sex,
    /// The age in years, or in days under one year.
    Age,
    /// The age in days of a patient under one year.
    AgeInDays,
    /// The birth weight of a newborn.
    BirthWeight,
    /// The days of stay.
    StayDays,
}

/// What grouping looks at beside codes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub(crate) sex: Option<Sex>,
    /// The age in years where it is known; below 365 days it is 0.
    pub(crate) years_old: Result<u16, Field>,
    /// The age in days where it is known, else as many as the years tell.
    pub(crate) days_old: Result<u32, Field>,
    pub(crate) birth_weight_g: Option<u16>,
    pub(crate) stay_days: Option<u16>,
}

impl Case<'_> {
    /// Whether one age says that the patient is under one year and the other does not.
    pub(crate) fn ages_contradict(&self) -> bool {
        self.age_years.zip(self.age_days).is_some_and(|(years, days)| (years == 0) != (days < YEAR_DAYS))
    }

    /// What grouping looks at; ages that contradict each other are none.
    pub(crate) fn facts(&self) -> Facts {
        let contradict = self.ages_contradict();
        Facts {
            sex: self.sex,
            years_old: match (self.age_years, self.age_days) {
                _ if contradict => Err(Field::Age),
                (Some(years), _) => Ok(years),
                (None, Some(days)) if days < YEAR_DAYS => Ok(0),
                (None, _) => Err(Field::Age),
            },
            days_old: match (self.age_days, self.age_years) {
                _ if contradict => Err(Field::Age),
                (Some(days), _) => Ok(days),
                (None, Some(0)) => Err(Field::AgeInDays),
                (None, Some(years)) => Ok(u32::from(years) * YEAR_DAYS),
                (None, None) => Err(Field::Age),
            },
            birth_weight_g: self.birth_weight_g,
            stay_days: self.stay_days,
        }
    }
}

/// Days of stay (实际住院天数): from the day of admission to that of discharge, the same day
/// counting as one. `None` if the discharge stands before the admission.
#[must_use]
pub fn stay_days(admission: NaiveDate, discharge: NaiveDate) -> Option<u16> {
    u16::try_from((discharge - admission).num_days()).ok().map(|days| days.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_that_contradict_each_other_are_no_age() {
        for (age_years, age_days, years_old, days_old) in [
            (Some(61), None, Ok(61), Ok(61 * 365)),
            (Some(0), Some(28), Ok(0), Ok(28)),
            (None, Some(28), Ok(0), Ok(28)),
            (Some(1), Some(400), Ok(1), Ok(400)),
            (Some(61), Some(0), Err(Field::Age), Err(Field::Age)),
            (Some(0), Some(400), Err(Field::Age), Err(Field::Age)),
        ] {
            let facts = Case { age_years, age_days, ..Case::default() }.facts();
            assert_eq!(
                (facts.years_old, facts.days_old),
                (years_old, days_old),
                "{age_years:?} {age_days:?}"
            );
        }
    }

    #[test]
    fn a_stay_is_counted_in_days_and_the_same_day_is_one() {
        let day = |day| NaiveDate::from_ymd_opt(2024, 2, day).unwrap();
        assert_eq!(stay_days(day(28), day(28)), Some(1));
        assert_eq!(stay_days(day(28), day(29)), Some(1));
        assert_eq!(stay_days(day(1), day(15)), Some(14));
        assert_eq!(stay_days(day(2), day(1)), None);
    }
}

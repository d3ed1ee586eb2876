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
    /// Diagnoses, ICD-10 医保版, the principal one (主要诊断) first.
    pub diagnoses: &'a [&'a str],
    /// Procedures, ICD-9-CM-3 医保版, the principal one (主要手术) first.
    pub procedures: &'a [&'a str],
}

/// Sex as the front page codes it (病案首页性别).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

/// What grouping looks at beside codes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub(crate) sex: Option<Sex>,
    /// The age in days where it is known, else as many as the years tell.
    pub(crate) days_old: Result<u32, Field>,
    pub(crate) birth_weight_g: Option<u16>,
}

impl Facts {
    pub(crate) fn new(
        sex: Option<Sex>,
        age_years: Option<u16>,
        age_days: Option<u32>,
        birth_weight_g: Option<u16>,
    ) -> Self {
        let days_old = match (age_days, age_years) {
            (Some(days), _) => Ok(days),
            (None, Some(0)) => Err(Field::AgeInDays),
            (None, Some(years)) => Ok(u32::from(years) * 365),
            (None, None) => Err(Field::Age),
        };
        Self { sex, days_old, birth_weight_g }
    }
}

impl Case<'_> {
    pub(crate) fn facts(&self) -> Facts {
        Facts::new(self.sex, self.age_years, self.age_days, self.birth_weight_g)
    }
}

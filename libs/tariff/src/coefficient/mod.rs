//! Coefficients of institutions (医疗机构系数、差异系数): how much more or less than the group's standard one is paid.
//!
//! [`Form`] says how they are made; [`Experience`] makes them of what each institution's cases have cost, and
//! [`Coefficients`] holds them.

mod blended;
mod experience;
mod table;

pub use blended::Blended;
pub use experience::{Experience, How, MadeCoefficient};
pub use table::Coefficients;

pub use crate::weight::MAX_DECIMALS;

use std::collections::{BTreeMap, BTreeSet};

use medfund_money::{Coefficient, Exact};
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};

use crate::{CoefficientDefaults, DEFAULTS, GroupCode, Level};

/// How coefficients are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameters {
    /// The form.
    pub form: Form,
    /// Groups that pay every institution the same (基础病组, 同病同分): their coefficient is 1.
    pub basic_groups: BTreeSet<GroupCode>,
    /// Digits after the point that a computed coefficient is rounded to, half up, at most [`MAX_DECIMALS`].
    pub decimals: u32,
    /// Which of the numbers nobody said, and why the default is what it is: `decimals`, and of [`Blended`] `level_share`,
    /// `few_cases`, `low` and `high`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_default: BTreeMap<String, String>,
}

/// A form of coefficients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// One for each level, whatever the group (级别系数): every level that an institution has, also 未定级, must be there.
    Level(BTreeMap<Level, Coefficient>),
    /// The hospital's mean cost in the group in relation to the region's (Jinhua: 成本系数); 1 where it had no case.
    Hospital,
    /// A share by the level's mean, the rest by the hospital's, within bounds (Shaoxing 2020).
    Blended(Blended),
}

/// Why parameters make no coefficients.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParametersError {
    /// The least lies above the greatest.
    #[error("coefficients from {low} to {high} are none")]
    BoundsCrossed {
        /// The least.
        low: Coefficient,
        /// The greatest.
        high: Coefficient,
    },
    /// A table of levels leaves out one that an institution has: it would be paid by 1, as if that were said.
    #[error("no coefficient is said for {}, which institutions have: say it, be it 1", .0.zh())]
    LevelLeftOut(Level),
    /// More digits than a coefficient has.
    #[error("{0} decimals are more than 8")]
    TooManyDecimals(u32),
    /// What an institution's cases in a group come to is no coefficient: too few decimals make nothing of it, or it
    /// is beyond all measure.
    #[error("the coefficient of {institution} in {group} would be {value}")]
    NoCoefficient {
        /// The institution.
        institution: InstitutionCode,
        /// The group.
        group: GroupCode,
        /// What it comes to, rounded to the decimals.
        value: Exact,
    },
}

impl Parameters {
    /// A form with the default decimals, and no basic groups.
    #[must_use]
    pub fn of(form: Form) -> Self {
        let decimals = &DEFAULTS.coefficients.decimals;
        let by_default = [("decimals".to_owned(), decimals.why.clone())].into();
        Self { form, basic_groups: BTreeSet::new(), decimals: decimals.value, by_default }
    }

    /// The form of [`Blended`] as the defaults say it.
    #[must_use]
    pub fn blended() -> Self {
        let mut parameters = Self::of(Form::Blended(Blended::default()));
        let CoefficientDefaults { level_share, few_cases, low, high, .. } = &DEFAULTS.coefficients;
        let whys = [&level_share.why, &few_cases.why, &low.why, &high.why];
        for (name, why) in ["level_share", "few_cases", "low", "high"].into_iter().zip(whys) {
            parameters.by_default.insert(name.to_owned(), why.clone());
        }
        parameters
    }

    /// Checks that the parameters make coefficients.
    ///
    /// # Errors
    ///
    /// Every [`ParametersError`].
    pub fn check(&self) -> Result<(), Vec<ParametersError>> {
        let crossed = match &self.form {
            Form::Blended(blended) => blended.check(),
            Form::Level(_) | Form::Hospital => None,
        };
        let too_many =
            (self.decimals > MAX_DECIMALS).then_some(ParametersError::TooManyDecimals(self.decimals));
        let errors: Vec<ParametersError> = crossed.into_iter().chain(too_many).collect();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

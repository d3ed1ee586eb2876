use std::collections::BTreeMap;

use medfund_money::{Coefficient, Exact, Fen, PositiveFen};
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};

use super::WhatIfError;
use crate::coefficient::Coefficients;
use crate::history::Whose;
use crate::points::group_points;
use crate::share::Covers;
use crate::{GroupCode, Level, Payee, Tariff, Weight};

/// By what institutions are paid.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The tariff.
    pub tariff: &'a Tariff,
    /// The institutions' coefficients; a group that pays every institution the same (基础病组) takes none.
    pub coefficients: &'a Coefficients,
    /// The institutions' levels, for coefficients and standards that a tariff gives by level.
    pub levels: &'a BTreeMap<InstitutionCode, Level>,
    /// How weights become money.
    pub method: Method,
}

/// How weights become money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The budget, shared by points (点数法): a point is worth the budget divided by all points, exactly.
    Points {
        /// The fund's inpatient budget for these cases.
        budget: Fen,
        /// How many points a weight of 1 has.
        base: Coefficient,
        /// What a point pays.
        covers: Covers,
    },
    /// Each weight times a rate (费率法).
    Rate {
        /// What a weight of 1 pays.
        rate: PositiveFen,
    },
    /// The standards that the tariff gives an institution's cases (支付标准).
    Standards,
}

impl Setting<'_> {
    /// What one normal case in `group` counts: units of 0.0001 point, or fen. `None` where the setting does not price it.
    ///
    /// # Errors
    ///
    /// [`WhatIfError::TooLarge`].
    pub fn worth(&self, whose: Whose<'_>, group: &GroupCode) -> Result<Option<i64>, WhatIfError> {
        let normal = self.basis(whose, group).map(|basis| basis.normal());
        normal.map(|normal| normal.to_i64().ok_or(WhatIfError::TooLarge)).transpose()
    }

    /// What a case of the group counts before its cost says more.
    pub(super) fn basis(&self, (institution, fund_line): Whose<'_>, group: &GroupCode) -> Option<Basis> {
        let own = self.tariff.group(group)?;
        let payee = Payee::of(institution, fund_line, self.levels);
        let coefficient = own.factor(payee, self.coefficients.get(institution, group));
        let weight = own.weight();
        Some(match self.method {
            Method::Points { base, .. } => {
                let whole = Exact::from(group_points(weight?, base));
                Basis { whole, coefficient, weight, in_points: true }
            }
            Method::Rate { rate } => {
                let whole = Exact::from(weight?) * Exact::from(rate.get());
                Basis { whole, coefficient, weight, in_points: false }
            }
            Method::Standards => {
                let whole = Exact::from(own.standard(payee)?);
                Basis { whole, coefficient: Coefficient::ONE, weight, in_points: false }
            }
        })
    }
}

/// What a case of a group counts before its cost says more.
pub(super) struct Basis {
    /// What the group counts without the institution's coefficient: points, or fen.
    pub(super) whole: Exact,
    pub(super) coefficient: Coefficient,
    pub(super) weight: Option<Weight>,
    /// Points, not fen.
    pub(super) in_points: bool,
}

impl Basis {
    /// What a normal case counts: units of 0.0001 point, or fen.
    pub(super) fn normal(&self) -> Exact {
        self.in_units(self.whole.clone() * self.coefficient.into())
    }

    /// Points as whole units of 0.0001 point, or fen as whole ones, half up; however many, for only the sum has to fit.
    pub(super) fn in_units(&self, counted: Exact) -> Exact {
        let per_unit: i64 = if self.in_points { 10_000 } else { 1 };
        (counted * per_unit.into()).half_up(0)
    }
}

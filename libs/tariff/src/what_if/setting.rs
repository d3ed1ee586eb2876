use std::collections::BTreeMap;

use medfund_money::{Coefficient, Exact, Fen, PositiveFen};
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};

use crate::coefficient::Coefficients;
use crate::points::group_points;
use crate::{GroupCode, Level, Payee, Tariff};

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
    /// The standards that the tariff names by level (支付标准).
    Standards,
}

/// Whether a standard holds the personal part of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    /// The fund's part alone.
    FundPart,
    /// All of the cost: the personal parts are shared with the budget, and each institution's are taken off its share.
    ///
    /// Source: PZH 四(二)1: 付费标准包括医保基金和个人付费在内的全部医疗费用.
    AllCost,
}

impl Setting<'_> {
    /// What one normal case of `institution` in `group` counts: units of 0.0001 point, or fen. `None` where the setting
    /// does not price the group.
    #[must_use]
    pub fn worth(&self, institution: &InstitutionCode, group: &GroupCode) -> Option<i64> {
        let own = self.tariff.group(group)?;
        let payee = Payee { level: self.levels.get(institution).copied(), ..Payee::default() };
        let coefficient = if own.is_basic {
            Coefficient::ONE
        } else {
            own.coefficient(payee).unwrap_or_else(|| self.coefficients.get(institution, group))
        };
        match self.method {
            Method::Points { base, .. } => {
                let points = Exact::from(group_points(own.weight()?, base));
                Some(medfund_money::Points::round_half_up(points * coefficient.into()).get())
            }
            Method::Rate { rate } => {
                let exact = Exact::from(own.weight()?) * coefficient.into() * Exact::from(rate.get());
                Some(Fen::round_half_up(exact).get())
            }
            Method::Standards => own.standard(payee).map(Fen::get),
        }
    }
}

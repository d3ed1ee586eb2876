use medfund_money::{Exact, Rate};
use serde::{Deserialize, Serialize};

use crate::history::{Sum, count};
use crate::{DEFAULTS, RiskDefaults};

/// How many of a group's patients die in the region (死亡风险分级).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// None (零风险): nobody died. The national handbook scores it 0, apart from low risk with 1, since the logarithm of
    /// no rate is none; such groups are in neither part of low-risk mortality.
    None,
    /// Few (低风险), but some: score 1.
    Low,
    /// Some (中低风险).
    MiddleLow,
    /// Many (中高风险).
    MiddleHigh,
    /// Most (高风险).
    High,
}

/// The region's death rates that part the classes of risk.
///
/// The national handbook parts them by mean and deviation of the logarithms of rates, which no clerk can check by hand
/// and which move every year; here they are plain rates that the region decides. Defaults: [`DEFAULTS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskBounds {
    /// The greatest rate of [`Risk::Low`].
    pub low: Rate,
    /// The greatest rate of [`Risk::MiddleLow`].
    pub middle_low: Rate,
    /// The greatest rate of [`Risk::MiddleHigh`].
    pub middle_high: Rate,
}

/// Rates that part no classes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the greatest rates of low, middle low and middle high risk do not ascend")]
pub struct RiskBoundsError;

impl Default for RiskBounds {
    fn default() -> Self {
        let RiskDefaults { low, middle_low, middle_high } = &DEFAULTS.risk;
        Self { low: low.value, middle_low: middle_low.value, middle_high: middle_high.value }
    }
}

impl RiskBounds {
    /// Checks that the rates ascend.
    ///
    /// # Errors
    ///
    /// [`RiskBoundsError`] if they do not.
    pub fn check(&self) -> Result<(), RiskBoundsError> {
        let ascend = self.low <= self.middle_low && self.middle_low <= self.middle_high;
        if ascend { Ok(()) } else { Err(RiskBoundsError) }
    }

    /// The class of a group by its cases in the region; `None` where there is none.
    #[must_use]
    pub fn class(&self, region: Sum) -> Option<Risk> {
        let at_most = |rate: Rate| count(region.n_died) <= Exact::from(rate) * count(region.n_cases);
        Some(match region {
            Sum { n_cases: 0, .. } => return None,
            Sum { n_died: 0, .. } => Risk::None,
            Sum { .. } if at_most(self.low) => Risk::Low,
            Sum { .. } if at_most(self.middle_low) => Risk::MiddleLow,
            Sum { .. } if at_most(self.middle_high) => Risk::MiddleHigh,
            Sum { .. } => Risk::High,
        })
    }
}

use medfund_money::{Coefficient, Rate};
use serde::{Deserialize, Serialize};

use super::ParametersError;
use crate::{CoefficientDefaults, DEFAULTS};

/// A coefficient by level and hospital together, `clamp(share·level + (1 − share)·hospital, low, high)`.
///
/// Level and hospital enter as their mean cost in the group in relation to the region's. Defaults: [`DEFAULTS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blended {
    /// The level's share.
    pub level_share: Rate,
    /// A hospital with at most so many cases in the group counts as its level; a level with at most so many as the
    /// next higher one that has more, else the next lower one, else as the region.
    pub few_cases: u64,
    /// The least coefficient.
    pub low: Coefficient,
    /// The greatest coefficient.
    pub high: Coefficient,
}

impl Default for Blended {
    fn default() -> Self {
        let CoefficientDefaults { level_share, few_cases, low, high, .. } = &DEFAULTS.coefficients;
        Self { level_share: level_share.value, few_cases: few_cases.value, low: low.value, high: high.value }
    }
}

impl Blended {
    pub(super) fn check(&self) -> Option<ParametersError> {
        (self.low > self.high).then_some(ParametersError::BoundsCrossed { low: self.low, high: self.high })
    }
}

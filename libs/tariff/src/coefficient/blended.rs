use medfund_money::{Coefficient, Rate};
use serde::{Deserialize, Serialize};

use super::ParametersError;

/// A coefficient by level and hospital together, `clamp(share·level + (1 − share)·hospital, low, high)`.
///
/// Level and hospital enter as their mean cost in the group in relation to the region's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blended {
    /// The level's share. Default: 0.2.
    pub level_share: Rate,
    /// A hospital with at most so many cases in the group counts as its level; a level with at most so many as the
    /// next higher one that has more, else the next lower one, else as the region. Default: 5.
    pub few_cases: u64,
    /// The least coefficient. Default: 0.3902.
    pub low: Coefficient,
    /// The greatest coefficient. Default: 1.6279.
    pub high: Coefficient,
}

impl Default for Blended {
    fn default() -> Self {
        let bound = |text: &str| text.parse().expect("a written coefficient");
        let level_share = "0.2".parse().expect("a written rate");
        Self { level_share, few_cases: 5, low: bound("0.3902"), high: bound("1.6279") }
    }
}

impl Blended {
    pub(super) fn check(&self) -> Option<ParametersError> {
        (self.low > self.high).then_some(ParametersError::BoundsCrossed { low: self.low, high: self.high })
    }
}

use medfund_money::{Coefficient, Rate};
use serde::{Deserialize, Serialize};

use crate::{BandDefaults, DEFAULTS, Weight};

/// Where normal cases end (高低倍率界限), as ratios of cost to the group's mean. Defaults: [`DEFAULTS`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bands {
    /// Below this ratio a case is low.
    pub low: Rate,
    /// Above which ratio a case is high, by the group's weight, the lightest first; a group lighter than the first has
    /// no high cases. Regions often have 2 for large weights.
    pub high: Vec<HighLimit>,
    /// The share of what lies above the limit that counts.
    pub high_share: Rate,
}

/// A high limit and the weights that it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HighLimit {
    /// From this weight on; `None`: from the lightest.
    pub from_weight: Option<Weight>,
    /// The ratio, at least 1.
    pub limit: Coefficient,
}

/// Why bands are none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BandsError {
    /// A limit is not for heavier groups than the one before it.
    #[error("high limit {index} is not for heavier groups than the one before it")]
    NotAscending {
        /// Its index.
        index: usize,
    },
    /// A high limit below the mean.
    #[error("the high limit {limit} lies below 1")]
    BelowMean {
        /// The limit.
        limit: Coefficient,
    },
}

impl Default for Bands {
    fn default() -> Self {
        let BandDefaults { low, high, high_share } = DEFAULTS.bands.clone();
        Self { low: low.value, high: high.value, high_share: high_share.value }
    }
}

impl Bands {
    /// Checks that limits ascend by weight and none lies below the mean.
    ///
    /// # Errors
    ///
    /// Every [`BandsError`].
    pub fn check(&self) -> Result<(), Vec<BandsError>> {
        let below = self.high.iter().filter(|high| high.limit < Coefficient::ONE);
        let below = below.map(|high| BandsError::BelowMean { limit: high.limit });
        let pairs = (1..).zip(self.high.windows(2));
        let unordered = pairs.filter(|(_, pair)| pair[0].from_weight >= pair[1].from_weight);
        let errors: Vec<BandsError> =
            below.chain(unordered.map(|(index, _)| BandsError::NotAscending { index })).collect();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Above which ratio a case of a group of that weight is high; of one without a weight as of the lightest.
    #[must_use]
    pub fn high_limit(&self, weight: Option<Weight>) -> Option<Coefficient> {
        let holds =
            |high: &&HighLimit| high.from_weight.is_none_or(|from| weight.is_some_and(|own| from <= own));
        self.high.iter().rev().find(holds).map(|high| high.limit)
    }
}

//! The weights of a tariff (权重测算) from what past cases have cost.
//!
//! `weight(g) = mean cost of g / mean cost of all`, over the cases that [`Trimming`] keeps, one rounding at the end.
//! Groups with too few cases take a [`Fallback`].

mod fallback;
mod inversion;
mod made;
mod make;
mod trim;

pub use fallback::Fallback;
pub use inversion::{Inversion, inversions};
pub use made::{How, Made, MadeWeight, mean_cost};
pub use make::make;
pub use trim::{Bounds, Trimming};

use std::collections::BTreeMap;

use crate::{DEFAULTS, GroupCode, Weight};

/// The most digits after the point that a weight may be rounded to.
pub const MAX_DECIMALS: u32 = 8;

/// How weights are made. Defaults: [`DEFAULTS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// Which cases count.
    pub trimming: Trimming,
    /// How many kept cases a group must have to be weighed by its own.
    pub minimum_cases: u64,
    /// What a group with fewer takes: the first that gives a weight, else it is reviewed case by case
    /// (特病单议).
    pub fallbacks: Vec<Fallback>,
    /// An officer's weights for [`Fallback::Fixed`].
    pub fixed: BTreeMap<GroupCode, Weight>,
    /// The weights of an earlier or the national tariff for [`Fallback::Earlier`].
    pub earlier: BTreeMap<GroupCode, Weight>,
    /// Digits after the point that a weight is rounded to, half up, at most [`MAX_DECIMALS`].
    pub decimals: u32,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            trimming: Trimming::default(),
            minimum_cases: DEFAULTS.weights.minimum_cases.value,
            fallbacks: DEFAULTS.weights.fallbacks.value.clone(),
            fixed: BTreeMap::new(),
            earlier: BTreeMap::new(),
            decimals: DEFAULTS.weights.decimals.value,
        }
    }
}

/// Why no weights can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MakeError {
    /// There is no case.
    #[error("there is no case to make weights of")]
    NoCases,
    /// A group must have at least one case.
    #[error("the least number of cases is 0; a mean needs one")]
    NoMinimum,
    /// More digits than a weight has.
    #[error("{0} decimals are more than 8")]
    TooManyDecimals(u32),
    /// The lower bound of trimming lies above the upper one.
    #[error("trimming keeps from {low} to {high}, which is nothing")]
    NothingKept {
        /// The lower bound.
        low: String,
        /// The upper bound.
        high: String,
    },
}

use std::sync::LazyLock;

use medfund_money::{Coefficient, Rate};
use serde::Deserialize;

use crate::case_points::HighLimit;
use crate::weight::{Fallback, Trimming};

/// What tariffs are made with where nobody says otherwise (默认参数), as `defaults.toml` says it.
pub static DEFAULTS: LazyLock<Defaults> = LazyLock::new(|| {
    toml::from_str(include_str!("../defaults.toml"))
        .expect("the file of this crate can be read, as a test shows")
});

/// A number that no notice says, and why it is the default.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usual<T> {
    /// The number.
    pub value: T,
    /// Why.
    #[serde(rename = "default")]
    pub why: String,
}

/// All defaults.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Defaults {
    /// Of points.
    pub points: PointDefaults,
    /// Of weights.
    pub weights: WeightDefaults,
    /// Of institutions' coefficients.
    pub coefficients: CoefficientDefaults,
    /// Of low and high cases.
    pub bands: BandDefaults,
    /// Of readmissions.
    pub readmission: ReadmissionDefaults,
    /// Of classes of risk.
    pub risk: RiskDefaults,
}

/// Defaults of points.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointDefaults {
    /// Points of a weight of 1 (基准点数).
    pub base: Usual<Coefficient>,
}

/// Defaults of [weights](crate::weight::Parameters).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightDefaults {
    /// Which cases count.
    pub trimming: Usual<Trimming>,
    /// How many interquartile ranges, where they are what trims.
    pub interquartile: Usual<Trimming>,
    /// The share and the multiple of the mean, where it is what trims.
    pub mean: Usual<Trimming>,
    /// How many kept cases a group must have.
    pub minimum_cases: Usual<u64>,
    /// What a group with fewer takes.
    pub fallbacks: Usual<Vec<Fallback>>,
    /// Digits after the point.
    pub decimals: Usual<u32>,
}

/// Defaults of [coefficients](crate::coefficient::Parameters).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoefficientDefaults {
    /// Digits after the point.
    pub decimals: Usual<u32>,
    /// The level's share of a blended one.
    pub level_share: Usual<Rate>,
    /// How many cases are few.
    pub few_cases: Usual<u64>,
    /// The least blended one.
    pub low: Usual<Coefficient>,
    /// The greatest blended one.
    pub high: Usual<Coefficient>,
}

/// Defaults of [bands](crate::case_points::Bands).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BandDefaults {
    /// Below this ratio a case is low.
    pub low: Usual<Rate>,
    /// Above which ratio a case is high.
    pub high: Usual<Vec<HighLimit>>,
    /// The share of what lies above that counts.
    pub high_share: Usual<Rate>,
}

/// Defaults of [readmissions](crate::case_points::ReadmissionRule).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadmissionDefaults {
    /// The most days between.
    pub within_days: Usual<u32>,
    /// The share that is kept.
    pub kept: Usual<Rate>,
    /// Whether only the same institution counts.
    pub is_same_institution: Usual<bool>,
}

/// Defaults of [classes of risk](crate::indicators::RiskBounds).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskDefaults {
    /// The greatest rate of low risk.
    pub low: Usual<Rate>,
    /// The greatest rate of middle low risk.
    pub middle_low: Usual<Rate>,
    /// The greatest rate of middle high risk.
    pub middle_high: Usual<Rate>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case_points::Bands;
    use crate::coefficient::Blended;
    use crate::indicators::RiskBounds;

    #[test]
    fn the_file_is_read_to_its_last_number_and_says_why_of_each() {
        assert_eq!(DEFAULTS.points.base.value.to_string(), "100");
        assert_eq!(DEFAULTS.coefficients.high.why, "Shaoxing 2020");
        let without_reason = include_str!("../defaults.toml").replacen(", default = \"ours\"", "", 1);
        assert!(toml::from_str::<Defaults>(&without_reason).is_err());
    }

    #[test]
    fn every_default_is_one_that_its_rule_takes() {
        let weights = &DEFAULTS.weights;
        for trimming in [&weights.trimming, &weights.interquartile, &weights.mean] {
            assert_eq!(trimming.value.check(), Ok(()));
        }
        assert_eq!((Bands::default().check(), RiskBounds::default().check()), (Ok(()), Ok(())));
        let blended = Blended::default();
        assert!(blended.low <= blended.high);
    }
}

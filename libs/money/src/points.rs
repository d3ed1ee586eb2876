use std::iter::Sum;

use serde::{Deserialize, Serialize};

use crate::Exact;

/// Points (点数), in units of 0.0001 point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(i64);

impl Points {
    /// `units` units of 0.0001 point.
    #[must_use]
    pub const fn new(units: i64) -> Self {
        Self(units)
    }

    /// The number of units of 0.0001 point.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Rounds `points` (whole points, not units) to 0.0001 point; a half goes away from zero.
    ///
    /// # Panics
    ///
    /// If the result does not fit 64 bits.
    #[must_use]
    pub fn round_half_up(points: impl Into<Exact>) -> Self {
        let units = &points.into() * &Exact::from(10_000_i64);
        Self(units.half_up(0).to_i64().expect("points fit 64 bits"))
    }
}

impl From<Points> for Exact {
    fn from(points: Points) -> Self {
        rust_decimal::Decimal::new(points.0, 4).into()
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(points: I) -> Self {
        points.fold(Self(0), |sum, p| Self(sum.0.checked_add(p.0).expect("a sum of points fits 64 bits")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_rounded_once_to_a_ten_thousandth() {
        let points: Exact = "1.00005".parse().unwrap();
        assert_eq!(Points::round_half_up(points), Points::new(10_001));
        assert_eq!(Exact::from(Points::new(10_001)).to_string(), "1.0001");
        assert_eq!([Points::new(1), Points::new(2)].into_iter().sum::<Points>(), Points::new(3));
    }
}

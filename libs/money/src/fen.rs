use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

use crate::Exact;

/// An amount in fen (分, 1/100 yuan, CNY).
///
/// Adding and subtracting are exact and checked: an overflow is a broken
/// invariant and panics. There is no `Mul` and no `Div`: a product with a rate
/// is an [`Exact`] until [`Fen::round_half_up`] turns it back, so every
/// rounding in the suite can be found by that name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "diesel", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "diesel", diesel(sql_type = diesel::sql_types::BigInt))]
#[serde(transparent)]
pub struct Fen(i64);

/// A text or a number that is not an amount of money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAmount {
    /// The text is not yuan with at most two decimals.
    #[error("`{0}` is not an amount in yuan with at most two decimals")]
    Text(String),
    /// An amount of zero or less where more is needed.
    #[error("{0} fen is not more than zero")]
    NotPositive(i64),
}

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// `fen` fen.
    #[must_use]
    pub const fn new(fen: i64) -> Self {
        Self(fen)
    }

    /// A whole number of yuan.
    ///
    /// # Panics
    ///
    /// If it overflows.
    #[must_use]
    pub const fn from_yuan(yuan: i64) -> Self {
        Self(yuan.checked_mul(100).expect("an amount fits 64 bits"))
    }

    /// The number of fen.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Rounds `amount` fen to whole fen; a half goes away from zero (四舍五入).
    ///
    /// The one rounding of money in the suite.
    ///
    /// # Panics
    ///
    /// If the result does not fit 64 bits.
    #[must_use]
    pub fn round_half_up(amount: impl Into<Exact>) -> Self {
        Self(amount.into().half_up(0).to_i64().expect("an amount fits 64 bits"))
    }

    /// The sum, or `None` on overflow.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The difference, or `None` on overflow.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// Whether it is less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The amount, or nothing if it is negative.
    #[must_use]
    pub fn or_zero(self) -> Self {
        self.max(Self::ZERO)
    }

    /// Reads yuan with at most two decimals, as people and national interfaces write them: `-1234.5`.
    ///
    /// # Errors
    ///
    /// [`NotAnAmount::Text`] for any other text, among it thousands separators and blanks.
    pub fn parse_yuan(text: &str) -> Result<Self, NotAnAmount> {
        let bad = || NotAnAmount::Text(text.chars().take(40).collect());
        let exact: Exact = text.parse().map_err(|_| bad())?;
        (&exact * &Exact::from(100_i64)).to_i64().map(Self).ok_or_else(bad)
    }

    /// Writes yuan with two decimals: `-1234.50`.
    #[must_use]
    pub fn to_yuan(self) -> String {
        let magnitude = self.0.unsigned_abs();
        let sign = if self.is_negative() { "-" } else { "" };
        format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100)
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} yuan", self.to_yuan())
    }
}

impl From<Fen> for Exact {
    fn from(amount: Fen) -> Self {
        Self::from(amount.0)
    }
}

impl Add for Fen {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.checked_add(other).expect("a sum of amounts fits 64 bits")
    }
}

impl Sub for Fen {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.checked_sub(other).expect("a difference of amounts fits 64 bits")
    }
}

impl Neg for Fen {
    type Output = Self;

    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

impl AddAssign for Fen {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Fen {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl<'a> Sum<&'a Fen> for Fen {
    fn sum<I: Iterator<Item = &'a Self>>(amounts: I) -> Self {
        amounts.copied().sum()
    }
}

/// An amount of more than nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct PositiveFen(Fen);

impl PositiveFen {
    /// The amount.
    #[must_use]
    pub const fn get(self) -> Fen {
        self.0
    }
}

impl TryFrom<Fen> for PositiveFen {
    type Error = NotAnAmount;

    fn try_from(amount: Fen) -> Result<Self, NotAnAmount> {
        if amount > Fen::ZERO { Ok(Self(amount)) } else { Err(NotAnAmount::NotPositive(amount.get())) }
    }
}

impl TryFrom<i64> for PositiveFen {
    type Error = NotAnAmount;

    fn try_from(fen: i64) -> Result<Self, NotAnAmount> {
        Fen::new(fen).try_into()
    }
}

impl From<PositiveFen> for i64 {
    fn from(amount: PositiveFen) -> Self {
        amount.0.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn half_a_fen_is_rounded_away_from_zero() {
        assert_eq!(Fen::round_half_up(Decimal::new(25, 1)), Fen::new(3));
        assert_eq!(Fen::round_half_up(Decimal::new(249, 2)), Fen::new(2));
        assert_eq!(Fen::round_half_up(Decimal::new(-25, 1)), Fen::new(-3));
    }

    #[test]
    fn yuan_are_read_and_written_at_the_edge() {
        for (text, fen) in [("0", 0), ("12", 1_200), ("12.5", 1_250), ("-0.01", -1), ("1234.50", 123_450)] {
            assert_eq!(Fen::parse_yuan(text), Ok(Fen::new(fen)), "{text}");
        }
        for bad in ["", "1.234", "1,000.00", " 1", "¥1", "1e2", "92233720368547758.08"] {
            assert!(Fen::parse_yuan(bad).is_err(), "{bad}");
        }
        assert_eq!(Fen::new(-5).to_yuan(), "-0.05");
        assert_eq!(Fen::new(i64::MIN).to_yuan(), "-92233720368547758.08");
        assert_eq!(Fen::from_yuan(3).to_string(), "3.00 yuan");
    }

    #[test]
    fn an_amount_is_an_integer_in_json() {
        assert_eq!(serde_json::to_string(&Fen::new(-7)).unwrap(), "-7");
        assert!(serde_json::from_str::<Fen>("1.5").is_err());
        assert!(serde_json::from_str::<PositiveFen>("0").is_err());
    }

    #[test]
    fn what_must_be_more_than_nothing_is() {
        assert_eq!(PositiveFen::try_from(0), Err(NotAnAmount::NotPositive(0)));
        assert_eq!(PositiveFen::try_from(1).map(PositiveFen::get), Ok(Fen::new(1)));
    }

    #[test]
    #[should_panic(expected = "fits 64 bits")]
    fn an_overflow_never_wraps() {
        let _ = Fen::new(i64::MAX) + Fen::new(1);
    }

    proptest! {
        #[test]
        fn yuan_read_back_are_the_same_fen(fen in any::<i64>()) {
            prop_assert_eq!(Fen::parse_yuan(&Fen::new(fen).to_yuan()), Ok(Fen::new(fen)));
        }
    }
}

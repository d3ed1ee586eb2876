use std::cmp::Ordering;
use std::fmt;
use std::iter::{Product, Sum};
use std::ops::{Add, Mul, Sub};
use std::str::FromStr;

use num_bigint::{BigInt, BigUint, Sign};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::OutOfRange;

/// An exact decimal of any length.
///
/// `rust_decimal` rounds silently past 28 digits; weights and their sums may
/// need more, so what is not yet an amount is held here. Sums, differences and
/// products are exact; there is no division except [`Exact::div_half_up`],
/// which says how it rounds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Exact {
    mantissa: BigInt,
    /// Digits after the point; no trailing zeros, so that equal values are equal.
    scale: u32,
}

/// More digits than any amount, rate or product of them needs.
const MAX_DIGITS: usize = 200;

impl Exact {
    /// Makes `mantissa` × 10^−`scale`.
    pub(crate) fn from_parts(mantissa: BigInt, scale: u32) -> Self {
        let ten = BigInt::from(10);
        let (mut mantissa, mut scale) = (mantissa, scale);
        while scale > 0 && (&mantissa % &ten).sign() == Sign::NoSign {
            mantissa /= &ten;
            scale -= 1;
        }
        Self { mantissa, scale }
    }

    /// Zero.
    #[must_use]
    pub fn zero() -> Self {
        Self { mantissa: BigInt::ZERO, scale: 0 }
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.mantissa.sign() == Sign::NoSign
    }

    /// Whether it is less than zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.mantissa.sign() == Sign::Minus
    }

    /// Rounds to `decimals` digits after the point; a half goes away from zero (四舍五入).
    #[must_use]
    pub fn half_up(&self, decimals: u32) -> Self {
        self.div_half_up(&Self::from(1_i64), decimals)
    }

    /// Divides by `divisor` and rounds once, to `decimals` digits; a half goes away from zero.
    ///
    /// # Panics
    ///
    /// If `divisor` is zero.
    #[must_use]
    pub fn div_half_up(&self, divisor: &Self, decimals: u32) -> Self {
        assert!(!divisor.is_zero(), "a quotient's divisor is not zero");
        let (mut numerator, mut denominator) = (self.mantissa.clone(), divisor.mantissa.clone());
        numerator *= power_of_ten(divisor.scale + decimals);
        denominator *= power_of_ten(self.scale);
        let negative = (numerator.sign() == Sign::Minus) != (denominator.sign() == Sign::Minus);
        let (numerator, denominator) = (numerator.into_parts().1, denominator.into_parts().1);
        let rounded = (numerator * 2_u32 + &denominator) / (denominator * 2_u32);
        let sign = if negative { Sign::Minus } else { Sign::Plus };
        Self::from_parts(BigInt::from_biguint(sign, rounded), decimals)
    }

    /// Divides what is not negative by what is more than zero, cut down to a whole number.
    pub(crate) fn div_down(&self, divisor: &Self) -> Self {
        let numerator = &self.mantissa * power_of_ten(divisor.scale);
        let denominator = &divisor.mantissa * power_of_ten(self.scale);
        Self::from_parts(numerator / denominator, 0)
    }

    /// The value as a whole number, if it is one that fits.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        if self.scale == 0 { i64::try_from(&self.mantissa).ok() } else { None }
    }

    /// The value as a `Decimal`, if it fits without rounding.
    #[must_use]
    pub fn to_decimal(&self) -> Option<Decimal> {
        let mantissa = i128::try_from(&self.mantissa).ok()?;
        Decimal::try_from_i128_with_scale(mantissa, self.scale).ok()
    }

    /// The mantissa at `scale`, for a value that is not negative and has at most so many decimals.
    pub(crate) fn unsigned_at(&self, scale: u32) -> BigUint {
        assert!(!self.is_negative() && self.scale <= scale, "the caller takes the largest scale");
        self.mantissa_at(scale).into_parts().1
    }

    fn mantissa_at(&self, scale: u32) -> BigInt {
        &self.mantissa * power_of_ten(scale - self.scale)
    }

    /// Digits after the point.
    pub(crate) fn scale(&self) -> u32 {
        self.scale
    }
}

fn power_of_ten(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

impl From<i64> for Exact {
    fn from(value: i64) -> Self {
        Self::from_parts(BigInt::from(value), 0)
    }
}

impl From<Decimal> for Exact {
    fn from(value: Decimal) -> Self {
        Self::from_parts(BigInt::from(value.mantissa()), value.scale())
    }
}

impl Add<&Exact> for &Exact {
    type Output = Exact;

    fn add(self, other: &Exact) -> Exact {
        let scale = self.scale.max(other.scale);
        Exact::from_parts(self.mantissa_at(scale) + other.mantissa_at(scale), scale)
    }
}

impl Sub<&Exact> for &Exact {
    type Output = Exact;

    fn sub(self, other: &Exact) -> Exact {
        let minus = Exact { mantissa: -other.mantissa.clone(), scale: other.scale };
        self + &minus
    }
}

impl Mul<&Exact> for &Exact {
    type Output = Exact;

    fn mul(self, other: &Exact) -> Exact {
        Exact::from_parts(&self.mantissa * &other.mantissa, self.scale + other.scale)
    }
}

impl Add for Exact {
    type Output = Exact;

    fn add(self, other: Exact) -> Exact {
        &self + &other
    }
}

impl Sub for Exact {
    type Output = Exact;

    fn sub(self, other: Exact) -> Exact {
        &self - &other
    }
}

impl Mul for Exact {
    type Output = Exact;

    fn mul(self, other: Exact) -> Exact {
        &self * &other
    }
}

impl<'a> Sum<&'a Exact> for Exact {
    fn sum<I: Iterator<Item = &'a Exact>>(values: I) -> Self {
        values.fold(Self::zero(), |sum, value| &sum + value)
    }
}

impl<'a> Product<&'a Exact> for Exact {
    fn product<I: Iterator<Item = &'a Exact>>(values: I) -> Self {
        values.fold(Self::from(1_i64), |product, value| &product * value)
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        (self - other).mantissa.cmp(&BigInt::ZERO)
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::try_from(self.scale).expect("a scale fits a usize");
        let digits = self.mantissa.magnitude().to_string();
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let sign = if self.is_negative() { "-" } else { "" };
        if fraction.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{fraction}") }
    }
}

impl FromStr for Exact {
    type Err = OutOfRange;

    fn from_str(text: &str) -> Result<Self, OutOfRange> {
        let bad =
            || OutOfRange { value: text.chars().take(80).collect(), expected: "a plain decimal number" };
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((_, "")) => return Err(bad()),
            Some(parts) => parts,
            None => (unsigned, ""),
        };
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || unsigned.len() > MAX_DIGITS || !all_digits(whole) || !all_digits(fraction) {
            return Err(bad());
        }
        let magnitude: BigInt = format!("{whole}{fraction}").parse().map_err(|_| bad())?;
        let scale = u32::try_from(fraction.len()).map_err(|_| bad())?;
        Ok(Self::from_parts(if text.starts_with('-') { -magnitude } else { magnitude }, scale))
    }
}

impl TryFrom<String> for Exact {
    type Error = OutOfRange;

    fn try_from(text: String) -> Result<Self, OutOfRange> {
        text.parse()
    }
}

impl From<Exact> for String {
    fn from(value: Exact) -> Self {
        value.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exact(text: &str) -> Exact {
        text.parse().unwrap()
    }

    #[test]
    fn text_and_value_are_the_same_thing() {
        for (text, canonical) in
            [("0", "0"), ("-0.50", "-0.5"), ("10", "10"), ("0.000", "0"), ("1.25", "1.25")]
        {
            assert_eq!(exact(text).to_string(), canonical);
        }
        for bad in ["", "-", ".5", "5.", "1e5", "1,000", "１", "--1", &"9".repeat(300)] {
            assert!(bad.parse::<Exact>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_half_goes_away_from_zero() {
        for (value, rounded) in [("0.5", "1"), ("0.49", "0"), ("-0.5", "-1"), ("2.5", "3"), ("-2.49", "-2")] {
            assert_eq!(exact(value).half_up(0), exact(rounded), "{value}");
        }
        assert_eq!(exact("2").div_half_up(&exact("3"), 4), exact("0.6667"));
        assert_eq!(exact("-1").div_half_up(&exact("8"), 2), exact("-0.13"));
    }

    #[test]
    fn products_past_28_digits_lose_nothing() {
        let long = exact("9876543210987654321.0123456789");
        assert_eq!(
            (&long * &long).to_string(),
            "97546105798506325257018747140039628105.22267946958750190521"
        );
        assert_eq!((&long * &long).to_decimal(), None);
    }

    proptest! {
        #[test]
        fn what_fits_a_decimal_computes_as_a_decimal(a in -1_000_000_000_i64..1_000_000_000, b in -1_000_000_i64..1_000_000) {
            let (x, y) = (Decimal::new(a, 3), Decimal::new(b, 4));
            let (p, q) = (Exact::from(x), Exact::from(y));
            prop_assert_eq!((&p + &q).to_decimal(), Some(x + y));
            prop_assert_eq!((&p - &q).to_decimal(), Some(x - y));
            prop_assert_eq!((&p * &q).to_decimal(), Some(x * y));
            prop_assert_eq!(p.cmp(&q), x.cmp(&y));
            let half_up = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
            prop_assert_eq!(p.half_up(0).to_decimal(), Some(x.round_dp_with_strategy(0, half_up)));
            prop_assert_eq!(p.to_string().parse::<Exact>().unwrap(), p);
        }
    }
}

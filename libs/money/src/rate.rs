use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Exact, Fen, OutOfRange};

/// The most digits after the point a rate or coefficient may have.
const MAX_DECIMALS: u32 = 12;

/// More than any notice multiplies by; a typing error beyond it is told before it overflows an amount.
const GREATEST_COEFFICIENT: Decimal = Decimal::from_parts(100_000, 0, 0, false, 0);

/// A share of something, 0 to 1, exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rate(Decimal);

/// A factor more than zero, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Coefficient(Decimal);

impl Rate {
    /// Nothing of it.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// All of it.
    pub const ONE: Self = Self(Decimal::ONE);

    /// The share as a decimal.
    #[must_use]
    pub const fn get(self) -> Decimal {
        self.0
    }

    /// This share of `amount`, in fen, not yet rounded.
    #[must_use]
    pub fn of(self, amount: Fen) -> Exact {
        Exact::from(amount) * Exact::from(self.0)
    }

    /// What is missing to the whole.
    #[must_use]
    pub fn complement(self) -> Self {
        Self(Decimal::ONE - self.0)
    }
}

impl Coefficient {
    /// The factor that changes nothing.
    pub const ONE: Self = Self(Decimal::ONE);

    /// The factor as a decimal.
    #[must_use]
    pub const fn get(self) -> Decimal {
        self.0
    }

    /// `amount` times this factor, in fen, not yet rounded.
    #[must_use]
    pub fn of(self, amount: Fen) -> Exact {
        Exact::from(amount) * Exact::from(self.0)
    }
}

fn parse_decimal(text: &str, expected: &'static str) -> Result<Decimal, OutOfRange> {
    let bad = || OutOfRange { value: text.chars().take(40).collect(), expected };
    let plain = text.parse::<Exact>().map_err(|_| bad())?;
    let decimal = Decimal::from_str_exact(text).map_err(|_| bad())?;
    if Exact::from(decimal) == plain { Ok(decimal) } else { Err(bad()) }
}

macro_rules! decimal_type {
    ($name:ident, $expected:literal, $holds:expr) => {
        impl TryFrom<Decimal> for $name {
            type Error = OutOfRange;

            fn try_from(value: Decimal) -> Result<Self, OutOfRange> {
                let holds: fn(Decimal) -> bool = $holds;
                if holds(value) && value.scale() <= MAX_DECIMALS {
                    Ok(Self(value))
                } else {
                    Err(OutOfRange { value: value.to_string(), expected: $expected })
                }
            }
        }

        impl FromStr for $name {
            type Err = OutOfRange;

            fn from_str(text: &str) -> Result<Self, OutOfRange> {
                parse_decimal(text, $expected)?.try_into()
            }
        }

        impl TryFrom<String> for $name {
            type Error = OutOfRange;

            fn try_from(text: String) -> Result<Self, OutOfRange> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }

        impl From<$name> for Exact {
            fn from(value: $name) -> Self {
                value.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

decimal_type!(Rate, "a rate from 0 to 1 with at most 12 decimals", |value| {
    (Decimal::ZERO..=Decimal::ONE).contains(&value)
});
decimal_type!(
    Coefficient,
    "a coefficient of more than 0, at most 100,000, with at most 12 decimals",
    |value| { value > Decimal::ZERO && value <= GREATEST_COEFFICIENT }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_lies_between_nothing_and_all() {
        for good in ["0", "1", "0.08", "1.00"] {
            assert!(good.parse::<Rate>().is_ok(), "{good}");
        }
        for bad in ["-0.1", "1.01", "8%", "", "0.1e-1", "1_0", ".5", "0.1234567890123"] {
            assert!(bad.parse::<Rate>().is_err(), "{bad}");
        }
        assert_eq!("0.08".parse::<Rate>().unwrap().complement().to_string(), "0.92");
    }

    #[test]
    fn a_coefficient_is_more_than_zero() {
        assert!("0".parse::<Coefficient>().is_err());
        assert!("-1".parse::<Coefficient>().is_err());
        assert!("100000".parse::<Coefficient>().is_ok());
        assert!("100000.01".parse::<Coefficient>().is_err());
        assert_eq!("1.15".parse::<Coefficient>().unwrap().of(Fen::new(10)).to_string(), "11.5");
    }

    #[test]
    fn json_holds_exact_decimal_strings() {
        let rate: Rate = serde_json::from_str("\"0.150\"").unwrap();
        assert_eq!(serde_json::to_string(&rate).unwrap(), "\"0.150\"");
        assert!(serde_json::from_str::<Rate>("0.15").is_err());
    }

    #[test]
    fn a_share_of_an_amount_waits_for_its_rounding() {
        let rate: Rate = "0.08".parse().unwrap();
        assert_eq!(Fen::round_half_up(rate.of(Fen::new(106))), Fen::new(8));
        assert_eq!(Fen::round_half_up(rate.of(Fen::new(107))), Fen::new(9));
    }
}

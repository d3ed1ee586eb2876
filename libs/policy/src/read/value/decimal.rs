use rust_decimal::Decimal;

use super::Value;
use crate::read::{Shape, Spot};

/// Reads an exact decimal written as a text, e.g. `"0.08"`.
fn decimal(spot: &Spot<'_>) -> Option<Decimal> {
    let text = match &spot.node.shape {
        Shape::Text(text) => text,
        Shape::Integer(_) | Shape::Flag(_) | Shape::List(_) | Shape::Table(_) | Shape::Other(_) => {
            spot.wrong(format!(
                "must be an exact decimal in quotes such as \"0.5\", not {}",
                spot.node.kind()
            ));
            return None;
        }
    };
    let digits =
        |part: &str| !part.is_empty() && part.len() <= 12 && part.bytes().all(|byte| byte.is_ascii_digit());
    let well_formed = match text.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(text),
    };
    if !well_formed {
        spot.wrong(format!(
            "`{text}` is not an exact decimal of at most 12 digits on each side of the point"
        ));
        return None;
    }
    Some(Decimal::from_str_exact(text).expect("24 digits fit a decimal"))
}

macro_rules! decimal_type {
    ($(#[$meta:meta])* $name:ident, $is_rate:literal, $expected:literal, |$value:ident| $in_range:expr) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Decimal);

        impl $name {
            /// The number.
            #[must_use]
            pub fn get(self) -> Decimal {
                self.0
            }
        }

        impl Value for $name {
            const IS_RATE: bool = $is_rate;

            fn read(spot: &Spot<'_>) -> Option<Self> {
                let $value = decimal(spot)?;
                if $in_range {
                    Some(Self($value))
                } else {
                    spot.wrong(format!("`{}` is out of range: {}", $value, $expected));
                    None
                }
            }

            fn show(&self) -> String {
                self.0.to_string()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

decimal_type!(
    /// A share, 0 to 1, exact as written.
    Rate, true, "a share lies from 0 to 1", |value| value <= Decimal::ONE
);
decimal_type!(
    /// A factor, more than 0 and at most 10, exact as written.
    Coefficient, true, "a factor is more than 0 and at most 10",
    |value| !value.is_zero() && value <= Decimal::TEN
);
decimal_type!(
    /// A measured or agreed quantity, not negative, exact as written.
    Quantity, false, "", |value| value >= Decimal::ZERO
);

/// Weights of the years of a base (年份权重), far to near; they add up to 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weights(Vec<Rate>);

impl Weights {
    /// The weights, the farthest year's first.
    #[must_use]
    pub fn far_to_near(&self) -> &[Rate] {
        &self.0
    }
}

impl Value for Weights {
    const IS_RATE: bool = true;

    fn read(spot: &Spot<'_>) -> Option<Self> {
        let items = spot.list()?;
        let weights: Vec<Option<Rate>> = items.iter().map(Rate::read).collect();
        let weights = weights.into_iter().collect::<Option<Vec<Rate>>>()?;
        let sum: Decimal = weights.iter().map(|weight| weight.get()).sum();
        if sum != Decimal::ONE {
            spot.wrong(format!("the weights add up to {sum}, not to 1"));
            return None;
        }
        Some(Self(weights))
    }

    fn show(&self) -> String {
        self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
}

use medfund_money::{Coefficient, Rate};
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

/// The largest factor a pack may name.
const MAX_COEFFICIENT: Decimal = Decimal::TEN;

impl Value for Rate {
    const IS_RATE: bool = true;

    fn read(spot: &Spot<'_>) -> Option<Self> {
        let value = decimal(spot)?;
        Self::try_from(value)
            .map_err(|_| spot.wrong(format!("`{value}` is out of range: a share lies from 0 to 1")))
            .ok()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for Coefficient {
    const IS_RATE: bool = true;

    fn read(spot: &Spot<'_>) -> Option<Self> {
        let value = decimal(spot)?;
        let coefficient = Self::try_from(value).ok().filter(|_| value <= MAX_COEFFICIENT);
        if coefficient.is_none() {
            spot.wrong(format!(
                "`{value}` is out of range: a factor is more than 0 and at most {MAX_COEFFICIENT}"
            ));
        }
        coefficient
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

/// A measured or agreed quantity, not negative, exact as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(Decimal);

impl Quantity {
    /// The number.
    #[must_use]
    pub fn get(self) -> Decimal {
        self.0
    }
}

impl Value for Quantity {
    fn read(spot: &Spot<'_>) -> Option<Self> {
        decimal(spot).map(Self)
    }

    fn show(&self) -> String {
        self.0.to_string()
    }
}

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

use super::Value;
use crate::read::{Shape, Spot};

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Whole<const MIN: u32, const MAX: u32>(u32);

/// A number of months.
pub type Months = Whole<0, 24>;
/// A number of years.
pub type Years = Whole<1, 10>;
/// A number of days.
pub type Days = Whole<1, 366>;
/// A number of decimal places.
pub type Places = Whole<0, 10>;

impl<const MIN: u32, const MAX: u32> Whole<MIN, MAX> {
    /// The number.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl<const MIN: u32, const MAX: u32> Value for Whole<MIN, MAX> {
    fn read(spot: &Spot<'_>) -> Option<Self> {
        let text = match &spot.node.shape {
            Shape::Integer(text) => text,
            Shape::Text(_) | Shape::Flag(_) | Shape::List(_) | Shape::Table(_) | Shape::Other(_) => {
                spot.wrong(format!("must be a whole number, not {}", spot.node.kind()));
                return None;
            }
        };
        match text.parse() {
            Ok(number) if (MIN..=MAX).contains(&number) => Some(Self(number)),
            Ok(_) | Err(_) => {
                spot.wrong(format!("`{text}` is out of range: from {MIN} to {MAX}"));
                None
            }
        }
    }

    fn show(&self) -> String {
        self.0.to_string()
    }
}

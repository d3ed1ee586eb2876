//! The types of values that a parameter may have; each holds its own range.

mod date;
mod decimal;
mod list;
mod map;
mod whole;

pub use date::{Day, MonthDay};
pub use decimal::{Quantity, Weights};
pub use list::Span;
pub use map::{BodyId, FundLineMap, KindMap, Yearly};
pub use medfund_money::{Coefficient, Rate};
pub use whole::{Days, Months, Places, Whole, Years};

use super::{Shape, Spot};

/// What a parameter's `value` may be.
pub(crate) trait Value: Sized {
    /// Whether it is a number that computes amounts.
    const IS_RATE: bool = false;

    /// Reads it; notes what is wrong and gives `None` when it cannot.
    fn read(spot: &Spot<'_>) -> Option<Self>;

    /// The value as text, for people.
    fn show(&self) -> String;
}

impl Value for String {
    fn read(spot: &Spot<'_>) -> Option<Self> {
        let text = spot.text()?;
        if text.trim().is_empty() {
            spot.wrong("must not be empty");
            return None;
        }
        Some(text.to_owned())
    }

    fn show(&self) -> String {
        self.clone()
    }
}

impl Value for bool {
    fn read(spot: &Spot<'_>) -> Option<Self> {
        match spot.node.shape {
            Shape::Flag(flag) => Some(flag),
            Shape::Text(_) | Shape::Integer(_) | Shape::List(_) | Shape::Table(_) | Shape::Other(_) => {
                spot.wrong(format!("must be true or false, not {}", spot.node.kind()));
                None
            }
        }
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl<'a> Spot<'a> {
    /// The text of this value.
    pub(crate) fn text(&self) -> Option<&'a str> {
        match &self.node.shape {
            Shape::Text(text) => Some(text),
            Shape::Integer(_) | Shape::Flag(_) | Shape::List(_) | Shape::Table(_) | Shape::Other(_) => {
                self.wrong(format!("must be a text, not {}", self.node.kind()));
                None
            }
        }
    }

    /// The items of this value, each at its own spot.
    pub(crate) fn list(&self) -> Option<Vec<Spot<'a>>> {
        match &self.node.shape {
            Shape::List(items) => Some(items.iter().map(|node| Spot { node, ..self.clone() }).collect()),
            Shape::Text(_) | Shape::Integer(_) | Shape::Flag(_) | Shape::Table(_) | Shape::Other(_) => {
                self.wrong(format!("must be a list, not {}", self.node.kind()));
                None
            }
        }
    }

    /// The entries of this value, each at its own spot.
    pub(crate) fn table(&self) -> Option<Vec<(&'a str, Spot<'a>)>> {
        match &self.node.shape {
            Shape::Table(entries) if !entries.is_empty() => Some(
                entries.iter().map(|(key, node)| (key.as_str(), Spot { node, ..self.clone() })).collect(),
            ),
            Shape::Table(_) => {
                self.wrong("must not be empty");
                None
            }
            Shape::Text(_) | Shape::Integer(_) | Shape::Flag(_) | Shape::List(_) | Shape::Other(_) => {
                self.wrong(format!("must be a table, not {}", self.node.kind()));
                None
            }
        }
    }
}

//! Identifiers that more than one service's domain needs.
//!
//! Each is checked when it is made, so that what holds one cannot be malformed.

mod area;
mod fund;
mod institution;
mod month;
mod parts;
#[cfg(feature = "diesel")]
mod sql;

pub use area::{Area, District};
pub use fund::{FundLine, FundYear};
pub use institution::InstitutionCode;
pub use month::SettlementMonth;
pub use parts::{Misplaced, n_known, ordinals};

/// A text that is not what it should be, and what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not {expected}")]
pub struct Malformed {
    /// The text as it came.
    pub value: String,
    /// What was expected, as it reads after "is not".
    pub expected: &'static str,
}

impl Malformed {
    fn new(value: &str, expected: &'static str) -> Self {
        Self { value: value.chars().take(80).collect(), expected }
    }
}

/// Gives a checked text type its conversions.
macro_rules! text_type {
    ($name:ident) => {
        impl $name {
            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl TryFrom<String> for $name {
            type Error = crate::Malformed;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.as_str().to_owned()
            }
        }
    };
}
use text_type;

//! Money, quantities and how they are shared: exact, with one rounding.
//!
//! - [`Fen`] is the only amount of money. It has no `Mul` and no `Div`: a
//!   product with a [`Rate`] or a [`Coefficient`] is an [`Exact`] until
//!   [`Fen::round_half_up`] turns it back.
//! - [`allocate`] and [`allocate_within`] share a total by largest remainder,
//!   so that the parts always sum to the total.
//! - [`Tiers`] share a surplus or an overspend by bands.
//! - [`derivation::Node`] computes a value and keeps the tree it came from.
//!
//! There is no floating point here, and no IO.
#![warn(clippy::float_arithmetic)]

pub mod allocation;
pub mod derivation;
mod exact;
mod fen;
mod points;
mod rate;
#[cfg(feature = "diesel")]
mod sql;
mod tiers;

pub use allocation::{Allocated, AllocationError, Floor, Part, allocate, allocate_within};
pub use derivation::{Derivation, DerivationError, Node, Operation};
pub use exact::Exact;
pub use fen::{Fen, NotAnAmount, PositiveFen};
pub use points::Points;
pub use rate::{Coefficient, Rate};
pub use tiers::{Tier, Tiers, TiersError};

/// A decimal that is out of a type's range, and the range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not {expected}")]
pub struct OutOfRange {
    /// The value as it came.
    pub value: String,
    /// What was expected, as it reads after "is not".
    pub expected: &'static str,
}

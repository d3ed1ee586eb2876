//! What settlement decides: pure types and functions.

pub mod bills;
pub mod upload;

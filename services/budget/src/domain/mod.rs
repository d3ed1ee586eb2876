//! What the budget decides, as pure types and functions.

/// The fund calendar and fund years.
pub mod calendar;
/// What bodies decide.
pub mod decision;
/// What everything is kept by.
pub mod key;
/// Policy packs.
pub mod pack;

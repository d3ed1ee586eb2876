//! Packs for tests: drawn at random, or with one rate changed.

mod nudge;
mod random;
mod writer;

pub use nudge::{nudged, nudges};
pub use random::{Reach, random_pack};

//! The audit rows: appended with the deed, chained by the sealer, checked by the verifier.

mod append;
mod chain;
mod seal;
mod verify;

pub(crate) use append::{Deed, append};
pub(crate) use seal::seal;
pub use verify::{Broken, Verdict, verify};

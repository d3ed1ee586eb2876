//! The RPCs: messages in, commands out, answers back.

pub mod bills;
mod scope;
pub(crate) mod settlement;
pub(crate) mod special_cases;

//! The RPCs: messages in, commands out, answers back.

pub mod bills;
pub(crate) mod settlement;

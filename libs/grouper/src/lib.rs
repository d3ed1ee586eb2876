//! DRG grouping (疾病诊断相关分组): a scheme's tables compile to a [`Scheme`], and a
//! [`Scheme`] groups cases, the same on any machine and any number of threads.
//!
//! No IO, no async, no clock. The national tables are read by [`read`], checked
//! and interned by [`compile`], and used by a [`Grouper`].

mod answer;
pub mod batch;
mod case;
mod choices;
mod code_names;
mod codes;
mod compile;
pub mod crosswalk;
mod engine;
mod explain;
pub mod quality;
pub mod read;
mod scheme;
mod sound;
pub mod source;

pub use answer::{Answer, Outcome, Severity};
pub use case::{Case, Field, Sex, stay_days};
pub use choices::{Choices, Grey, NewbornSurgery, Operations, Position, SameProcedure};
pub use compile::compile;
pub use engine::Grouper;
pub use explain::{Change, Coded, Complication, Explanation, Invalid, Tried, WhatIf};
pub use scheme::{NO_NAME, Scheme, SchemeError};

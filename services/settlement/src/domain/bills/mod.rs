//! Bills (结算清单): what a line says, what is wrong with it, and what it becomes.

mod check;
mod fault;
mod field;
mod group;
mod identity;
mod line;
mod text;

pub use check::{Bill, BillCodes, CheckedChunk, LineRules, check_chunk};
pub use fault::{Fault, LineFault};
pub use field::{BILL_FIELDS, BillField, Content};
pub use group::{Grouped, GroupingOutcome, GroupingScheme};
pub use line::{BillLine, Day};
pub use text::{TextFault, line_from_text, line_to_text};
pub(crate) use text::{codes, join_codes};

#[cfg(test)]
mod tests;

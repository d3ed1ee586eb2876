//! The ledger's tables: transfers are appended, balances rolled up in batches.

mod balances;
mod post;
mod rollup;

pub use balances::{balance, balances, count, differences, transfers};
pub(crate) use post::post;
pub(crate) use rollup::roll_up;

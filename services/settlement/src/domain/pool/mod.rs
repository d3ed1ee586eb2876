//! Regional pools (区域总额池): care that institutions share a budget for, by points.

mod added;
mod cases;
mod month;
mod priced;
mod priced_month;
#[cfg(test)]
mod priced_tests;
mod rules;
#[cfg(test)]
mod worked_tests;
mod year;

pub use added::{Pointed, add_up};
pub use cases::{CountedCase, DrgCase, NoTariff, points_of, rated};
pub use month::{PoolMonth, PooledMonth, month_budget, settle_pool, share_month};
pub use priced::{ClearedPrices, clear_prices};
pub use priced_month::{PricedMonth, price_month};
pub use rules::{PoolRules, pool_rules};
pub use year::{Pool, PoolOutcome, PoolShare, PoolTotals, PooledYear, share_year};

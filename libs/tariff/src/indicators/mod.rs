//! What cases tell of institutions and of the reform itself (评价指标).

mod coverage;
mod performance;
mod risk;

pub use coverage::{Coverage, Target, coverage, of_diseases, of_funds, of_institutions};
pub use performance::{Performance, performance};
pub use risk::{Risk, RiskBounds, RiskBoundsError};

use medfund_money::Exact;

/// Digits after the point that an indicator is rounded to, once, half up.
pub const DECIMALS: u32 = 4;

/// A share or an index, rounded; `None` where there is nothing to divide by.
fn ratio(part: &Exact, whole: &Exact) -> Option<Exact> {
    (!whole.is_zero()).then(|| part.div_half_up(whole, DECIMALS))
}

#[cfg(test)]
mod tests;

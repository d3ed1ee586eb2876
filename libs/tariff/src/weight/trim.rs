use std::ops::Range;

use medfund_money::{Coefficient, Exact, Fen, PositiveFen, Rate};
use serde::{Deserialize, Serialize};

use super::MakeError;
use crate::DEFAULTS;
use crate::history::count;

/// Which cases of a group count (裁剪规则).
///
/// The quantile `q` of `n` costs in ascending order is the one at rank ⌈`q`·`n`⌉, counted from 1 and at least 1:
/// always a cost that a case had. What equals a bound is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trimming {
    /// All.
    None,
    /// From one quantile to another.
    Quantiles {
        /// The lower quantile.
        low: Rate,
        /// The upper quantile.
        high: Rate,
    },
    /// From `times` interquartile ranges below the lower quartile to as many above the upper one.
    Interquartile {
        /// How many ranges.
        times: Coefficient,
    },
    /// From a share to a multiple of the group's untrimmed mean.
    Mean {
        /// The share of the mean.
        low: Rate,
        /// The multiple of the mean.
        high: Coefficient,
    },
}

impl Default for Trimming {
    fn default() -> Self {
        DEFAULTS.weights.trimming.value
    }
}

impl Trimming {
    /// The default of interquartile ranges.
    #[must_use]
    pub fn interquartile() -> Self {
        DEFAULTS.weights.interquartile.value
    }

    /// The default of shares and multiples of the mean.
    #[must_use]
    pub fn mean() -> Self {
        DEFAULTS.weights.mean.value
    }

    /// Checks that the bounds are in order.
    ///
    /// # Errors
    ///
    /// [`MakeError::NothingKept`] if the lower one lies above the upper one.
    pub fn check(&self) -> Result<(), MakeError> {
        let (low, high) = match self {
            Self::None | Self::Interquartile { .. } => return Ok(()),
            Self::Quantiles { low, high } => (low.get(), high.get()),
            Self::Mean { low, high } => (low.get(), high.get()),
        };
        if low > high {
            Err(MakeError::NothingKept { low: low.to_string(), high: high.to_string() })
        } else {
            Ok(())
        }
    }

    /// Which of a group's `costs`, in ascending order, are kept: neighbours, since both ends are cut.
    pub(super) fn kept(&self, costs: &[PositiveFen]) -> Range<usize> {
        let at = |quantile: Rate| costs[rank(quantile, costs.len()) - 1].get();
        if costs.is_empty() {
            return 0..0;
        }
        let (low, high, times) = match *self {
            Self::None => return 0..costs.len(),
            Self::Quantiles { low, high } => (at(low).into(), at(high).into(), 1_i64.into()),
            Self::Interquartile { times } => {
                let (lower, upper) = (at(rate("0.25")), at(rate("0.75")));
                let reach = times.of(upper - lower);
                (Exact::from(lower) - reach.clone(), Exact::from(upper) + reach, 1_i64.into())
            }
            // cost ≥ low × sum / n, without the division.
            Self::Mean { low, high } => {
                let sum = Exact::from(costs.iter().map(|cost| cost.get()).sum::<Fen>());
                (Exact::from(low) * sum.clone(), Exact::from(high) * sum, length(costs))
            }
        };
        let scaled = |cost: &PositiveFen| Exact::from(cost.get()) * times.clone();
        let from = costs.partition_point(|cost| scaled(cost) < low);
        let to = costs.partition_point(|cost| scaled(cost) <= high);
        from..to.max(from)
    }
}

/// The least and the greatest cost of a group that count, both in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// The least.
    pub low: PositiveFen,
    /// The greatest.
    pub high: PositiveFen,
}

impl Bounds {
    /// The ends of kept `costs` in ascending order; `None` where none is kept.
    pub(super) fn of(costs: &[PositiveFen]) -> Option<Self> {
        Some(Self { low: *costs.first()?, high: *costs.last()? })
    }

    /// Whether a case that cost `cost` counts.
    #[must_use]
    pub fn keep(&self, cost: PositiveFen) -> bool {
        (self.low..=self.high).contains(&cost)
    }
}

fn length(costs: &[PositiveFen]) -> Exact {
    count(u64::try_from(costs.len()).expect("a length fits 64 bits"))
}

/// The rank ⌈`quantile`·`n`⌉ from 1, at least 1.
fn rank(quantile: Rate, n: usize) -> usize {
    let quantile = quantile.get();
    let numerator = quantile.mantissa().unsigned_abs() * u128::try_from(n).expect("a length fits");
    let rank = numerator.div_ceil(10_u128.pow(quantile.scale()));
    usize::try_from(rank).expect("at most n").max(1)
}

fn rate(text: &str) -> Rate {
    text.parse().expect("a written rate")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(trimming: Trimming, yuan: &[i64]) -> Vec<i64> {
        let costs: Vec<PositiveFen> = yuan.iter().map(|y| Fen::from_yuan(*y).try_into().unwrap()).collect();
        costs[trimming.kept(&costs)].iter().map(|cost| cost.get().get() / 100).collect()
    }

    #[test]
    fn a_quantile_is_the_cost_at_its_rank() {
        for (quantile, n, expected) in [
            ("0.01", 100, 1),
            ("0.01", 101, 2),
            ("0.99", 99, 99),
            ("0.99", 100, 99),
            ("0.25", 4, 1),
            ("0.75", 5, 4),
            ("0", 5, 1),
            ("1", 5, 5),
        ] {
            assert_eq!(rank(rate(quantile), n), expected, "{quantile} of {n}");
        }
    }

    #[test]
    fn of_two_hundred_costs_the_lowest_and_the_two_highest_are_cut_by_quantiles() {
        let yuan: Vec<i64> = (1..=200).collect();
        assert_eq!(kept(Trimming::default(), &yuan), (2..=198).collect::<Vec<_>>());
        assert_eq!(kept(Trimming::default(), &[1, 5, 900]), [1, 5, 900]);
        assert_eq!(kept(Trimming::None, &yuan), yuan);
    }

    #[test]
    fn three_interquartile_ranges_keep_from_minus_20_to_50() {
        // Quartiles at ranks 2 and 6 of 8: 10 and 20; the range is 10, three of them 30.
        let yuan = [1, 10, 12, 14, 16, 20, 50, 51];
        assert_eq!(kept(Trimming::interquartile(), &yuan), [1, 10, 12, 14, 16, 20, 50]);
    }

    #[test]
    fn from_two_fifths_to_three_times_the_mean_both_ends_are_in() {
        // The mean is 100: from 40 to 300.
        let yuan = [39, 40, 41, 70, 80, 90, 300, 40, 100, 200];
        assert_eq!(yuan.iter().sum::<i64>(), 1_000);
        let mut sorted = yuan;
        sorted.sort_unstable();
        assert_eq!(kept(Trimming::mean(), &sorted), sorted[1..]);
        assert_eq!(kept(Trimming::mean(), &[1, 1, 1, 1, 1, 1, 1, 1, 1, 100]), Vec::<i64>::new());
    }

    #[test]
    fn bounds_that_keep_nothing_are_refused() {
        let crossed = Trimming::Quantiles { low: rate("0.9"), high: rate("0.1") };
        assert!(matches!(crossed.check(), Err(MakeError::NothingKept { .. })));
        assert_eq!(Trimming::default().check(), Ok(()));
    }
}

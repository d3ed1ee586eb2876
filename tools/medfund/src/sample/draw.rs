//! Seeded drawing, in integers only.

use medfund_types::InstitutionCode;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use sha2::{Digest, Sha256};

/// A stream of random numbers for one part of a region.
///
/// Each part has its own stream, so that drawing more of one leaves the others as they were.
pub(super) struct Draw(ChaCha12Rng);

impl Draw {
    /// The stream of `part`, e.g. `bills/H44070300001/employee`, of the region of `seed`.
    #[must_use]
    pub(super) fn new(seed: u64, part: &str) -> Self {
        let digest = Sha256::new().chain_update(seed.to_be_bytes()).chain_update(part).finalize();
        Self(ChaCha12Rng::from_seed(digest.into()))
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// Whether something happens that happens `per_mille` times in a thousand.
    pub(super) fn happens(&mut self, per_mille: i64) -> bool {
        self.between(0, 999) < per_mille
    }

    /// A factor in thousandths around 1,000: the sum of three even draws, so 0 to 2,001 with most near the middle.
    pub(super) fn around_one(&mut self) -> i64 {
        self.between(0, 667) + self.between(0, 667) + self.between(0, 667)
    }

    /// A place in `0..n`.
    ///
    /// # Panics
    ///
    /// If `n` is 0.
    pub(super) fn place(&mut self, n: usize) -> usize {
        self.0.random_range(0..n)
    }

    /// The place of a weight, drawn by the weights.
    ///
    /// # Panics
    ///
    /// If the weights sum to 0.
    pub(super) fn by_weight(&mut self, weights: &[i64]) -> usize {
        let mut left = self.between(1, weights.iter().sum());
        let found = weights.iter().position(|w| {
            left -= w;
            left <= 0
        });
        found.expect("the draw is at most the sum of the weights")
    }

    /// Brings `items` into a random order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        items.shuffle(&mut self.0);
    }
}

/// A share of an amount in thousandths, rounded down.
#[must_use]
pub(super) fn per_mille(amount: i64, thousandths: i64) -> i64 {
    scaled(amount, thousandths, 1_000)
}

/// `amount · numerator ÷ denominator`, rounded down, without overflow on the way.
///
/// # Panics
///
/// If the result does not fit an `i64`, or the denominator is 0.
#[must_use]
pub(super) fn scaled(amount: i64, numerator: i64, denominator: i64) -> i64 {
    let exact = i128::from(amount) * i128::from(numerator) / i128::from(denominator);
    i64::try_from(exact).expect("a sample's amounts fit")
}

/// Rounds an amount in fen down to full `yuan`s, as a plan is written.
#[must_use]
pub(super) fn full(amount_fen: i64, yuan: i64) -> i64 {
    amount_fen / (yuan * 100) * (yuan * 100)
}

/// The code of a hospital: the district and a serial number.
///
/// # Panics
///
/// If the serial number has more than five digits.
#[must_use]
pub(super) fn hospital_code(district: &str, serial: usize) -> InstitutionCode {
    format!("H{district}{serial:05}").parse().expect("a capital letter and eleven digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_and_part_give_one_stream_and_another_part_another() {
        let draws = |seed, part: &str| {
            let mut draw = Draw::new(seed, part);
            (0..8).map(|_| draw.between(0, 1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(draws(1, "a"), draws(1, "a"));
        assert_ne!(draws(1, "a"), draws(1, "b"));
        assert_ne!(draws(1, "a"), draws(2, "a"));
    }

    #[test]
    fn a_weight_of_nothing_is_never_drawn() {
        let mut draw = Draw::new(7, "weights");
        let mut seen = [0; 3];
        (0..1_000).for_each(|_| seen[draw.by_weight(&[3, 0, 1])] += 1);
        assert_eq!(seen[1], 0);
        assert!(seen[0] > seen[2]);
    }
}

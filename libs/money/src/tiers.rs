use serde::{Deserialize, Serialize};

use crate::{Coefficient, Fen, Node, Rate};

/// One band of a sharing rule (分档).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// Where the band ends, as a share of the standard. `None`: it has no end.
    pub up_to: Option<Coefficient>,
    /// The share of what lies in the band.
    pub rate: Rate,
}

/// How a surplus is kept or an overspend shared: bands as shares of a standard, each with its rate.
///
/// With the standard 100, bands to 0.05 at 0.70 and to 0.10 at 0.50, an
/// overspend of 12 is shared 5 × 0.70 + 5 × 0.50; what lies above the last band
/// is not shared at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Tier>", into = "Vec<Tier>")]
pub struct Tiers(Vec<Tier>);

/// Why bands make no sharing rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TiersError {
    /// There is no band.
    #[error("there is no band")]
    Empty,
    /// A band does not end above the one before it.
    #[error("band {index} does not end above the one before it")]
    NotAscending {
        /// The band's index.
        index: usize,
    },
    /// A band follows one without an end.
    #[error("band {index} follows one without an end")]
    AfterTheEnd {
        /// The band's index.
        index: usize,
    },
}

impl Tiers {
    /// Makes a sharing rule of bands in ascending order.
    ///
    /// # Errors
    ///
    /// [`TiersError`] for the first band that does not fit.
    pub fn new(bands: Vec<Tier>) -> Result<Self, TiersError> {
        if bands.is_empty() {
            return Err(TiersError::Empty);
        }
        for (index, pair) in (1..).zip(bands.windows(2)) {
            match (pair[0].up_to, pair[1].up_to) {
                (None, _) => return Err(TiersError::AfterTheEnd { index }),
                (Some(before), Some(after)) if after <= before => {
                    return Err(TiersError::NotAscending { index });
                }
                (Some(_), _) => {}
            }
        }
        Ok(Self(bands))
    }

    /// The bands, in ascending order.
    #[must_use]
    pub fn bands(&self) -> &[Tier] {
        &self.0
    }

    /// The shared part of `amount` measured against `standard`, rounded once.
    #[must_use]
    pub fn share(&self, amount: Fen, standard: Fen) -> Fen {
        let [amount, standard] =
            [("amount_fen", amount), ("standard_fen", standard)].map(|(n, x)| Node::fen(n, "", x));
        self.derive("shared_fen", "", &amount, &standard).amount()
    }

    /// As [`Tiers::share`], with its tree: the sum over the bands of what lies in the band times its rate.
    ///
    /// - `amount`: the surplus or overspend, not negative, in fen.
    /// - `standard`: what the bands are shares of, not negative, in fen.
    #[must_use]
    pub fn derive(&self, name: &str, term: &str, amount: &Node, standard: &Node) -> Node {
        let mut lower = Node::fen("band_from_fen", "档下限", Fen::ZERO);
        let mut parts = Vec::new();
        for tier in &self.0 {
            let top = match tier.up_to {
                None => amount.clone(),
                Some(up_to) => {
                    let bound = Node::coefficient("band_up_to", "档上限比例", up_to);
                    let end = Node::product("band_end_fen", "档上限", "fen", vec![standard.clone(), bound]);
                    Node::min("band_top_fen", "档内上限", "fen", vec![amount.clone(), end])
                }
            };
            let above = Node::difference("above_band_fen", "超下限额", "fen", vec![top.clone(), lower]);
            let within = Node::max(
                "in_band_fen",
                "档内金额",
                "fen",
                vec![above, Node::fen("none_fen", "零", Fen::ZERO)],
            );
            let rate = Node::rate("band_rate", "档比例", tier.rate);
            parts.push(Node::product("band_share_fen", "档分担额", "fen", vec![within, rate]));
            lower = Node::given("band_from_fen", "档下限", "fen", top.value);
        }
        Node::sum(name, term, "fen", parts).rounded_to_fen()
    }
}

impl TryFrom<Vec<Tier>> for Tiers {
    type Error = TiersError;

    fn try_from(bands: Vec<Tier>) -> Result<Self, TiersError> {
        Self::new(bands)
    }
}

impl From<Tiers> for Vec<Tier> {
    fn from(tiers: Tiers) -> Self {
        tiers.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;

    fn tiers(bands: &[(&str, &str)]) -> Result<Tiers, TiersError> {
        let tier = |(up_to, rate): &(&str, &str)| Tier {
            up_to: (!up_to.is_empty()).then(|| up_to.parse().unwrap()),
            rate: rate.parse().unwrap(),
        };
        Tiers::new(bands.iter().map(tier).collect())
    }

    #[test]
    fn an_overspend_is_shared_band_by_band() {
        let shared = tiers(&[("0.05", "0.70"), ("0.10", "0.50")]).unwrap();
        for (over, fund) in [(0, 0), (400, 280), (500, 350), (800, 500), (1_000, 600), (5_000, 600)] {
            assert_eq!(shared.share(Fen::new(over), Fen::new(10_000)), Fen::new(fund), "{over}");
        }
    }

    #[test]
    fn a_surplus_is_kept_in_full_and_then_by_half() {
        let kept = tiers(&[("0.15", "1"), ("", "0.5")]).unwrap();
        assert_eq!(kept.share(Fen::new(1_500), Fen::new(10_000)), Fen::new(1_500));
        assert_eq!(kept.share(Fen::new(2_001), Fen::new(10_000)), Fen::new(1_751));
    }

    #[test]
    fn bands_must_ascend() {
        assert_eq!(tiers(&[]), Err(TiersError::Empty));
        assert_eq!(tiers(&[("0.1", "1"), ("0.1", "0")]), Err(TiersError::NotAscending { index: 1 }));
        assert_eq!(tiers(&[("", "1"), ("0.1", "0")]), Err(TiersError::AfterTheEnd { index: 1 }));
    }

    proptest! {
        #[test]
        fn a_share_is_within_the_amount_and_never_falls(
            standard in 0..1_000_000_000_i64,
            amount in 0..1_000_000_000_i64,
            more in 0..1_000_000_i64,
            ends in prop::collection::btree_set(1..2_000_i64, 1..5),
            rates in prop::collection::vec(0..=100_i64, 5),
        ) {
            let tier = |(end, rate): (&i64, &i64)| Tier {
                up_to: Some(Decimal::new(*end, 3).try_into().unwrap()),
                rate: Decimal::new(*rate, 2).try_into().unwrap(),
            };
            let tiers = Tiers::new(ends.iter().zip(&rates).map(tier).collect()).unwrap();
            let share = tiers.share(Fen::new(amount), Fen::new(standard));
            prop_assert!(Fen::ZERO <= share && share <= Fen::new(amount));
            prop_assert!(share <= tiers.share(Fen::new(amount + more), Fen::new(standard)));
            let nodes = [Fen::new(amount), Fen::new(standard)].map(|x| Node::fen("x", "", x));
            prop_assert!(tiers.derive("t", "", &nodes[0], &nodes[1]).re_evaluate().is_ok());
        }
    }
}

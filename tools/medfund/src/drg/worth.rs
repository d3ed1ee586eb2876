use std::path::Path;

use medfund_money::{Exact, Fen, PositiveFen};
use medfund_tariff::Tariff;

use super::tariff::{WordArgs, tariff};

/// What cases weigh by a tariff.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Worth {
    /// The sum of their weights.
    pub(super) weight: Exact,
    /// How many cases have a weight.
    pub(super) n_weighed: u64,
    /// How many are in a group that the tariff gives no weight.
    pub(super) n_without: u64,
    /// What they are paid at a rate, in fen, each rounded once; nothing without a rate.
    pay: Exact,
}

/// A tariff's file, if one is named.
pub(super) fn read(path: Option<&Path>, words: &WordArgs) -> anyhow::Result<Option<Tariff>> {
    path.map(|path| tariff(path, words)).transpose()
}

impl Worth {
    /// Weighs cases, given as their group's code and their number. Those in no group have no weight and are not counted.
    ///
    /// - `rate`: what a weight of 1 is paid (费率).
    pub(super) fn of<'g>(
        tariff: &Tariff,
        rate: Option<PositiveFen>,
        cases: impl IntoIterator<Item = (&'g str, u64)>,
    ) -> Self {
        let mut worth = Self { weight: Exact::zero(), n_weighed: 0, n_without: 0, pay: Exact::zero() };
        for (group, n_cases) in cases {
            let Some(code) = group.parse().ok().filter(medfund_tariff::GroupCode::is_grouped) else {
                continue;
            };
            match tariff.weight(&code) {
                Some(weight) => {
                    worth.weight = &worth.weight + &(&Exact::from(weight) * &whole(n_cases));
                    worth.n_weighed += n_cases;
                    if let Some(rate) = rate {
                        let one = Fen::round_half_up(Exact::from(weight) * Exact::from(rate.get()));
                        worth.pay = &worth.pay + &(&Exact::from(one) * &whole(n_cases));
                    }
                }
                None => worth.n_without += n_cases,
            }
        }
        worth
    }

    /// Refuses what is paid if an amount cannot hold it.
    pub(super) fn expect_measured(&self) -> anyhow::Result<()> {
        let fits = self.pay.to_i64().is_some();
        anyhow::ensure!(
            fits,
            "what the cases are paid is beyond all measure: look at weights and rate again"
        );
        Ok(())
    }

    /// What they are paid.
    ///
    /// # Panics
    ///
    /// If they, or more cases by the same tariff and rate, were not found to be [measured](Self::expect_measured).
    pub(super) fn pay(&self) -> Fen {
        Fen::new(self.pay.to_i64().expect("a part of what was measured fits"))
    }

    /// The case-mix index (CMI, 病例组合指数): the mean weight of the cases that have one, rounded once, half up, to
    /// four decimals.
    pub(super) fn cmi(&self) -> Option<Exact> {
        (self.n_weighed > 0).then(|| self.weight.div_half_up(&whole(self.n_weighed), 4))
    }
}

fn whole(n: u64) -> Exact {
    Exact::from(i64::try_from(n).expect("no list has as many cases"))
}

#[cfg(test)]
mod tests {
    use medfund_tariff::{Group, Pricing};

    use super::*;

    #[test]
    fn cases_weigh_their_groups_weights_and_are_paid_once_rounded() {
        let group = |code: &str, pricing| Group::new(code.parse().unwrap(), "心梗", pricing);
        let weight = |text: &str| Pricing::Weight(text.parse().unwrap());
        let groups =
            [group("FR13", weight("1.5")), group("FR15", weight("0.8")), group("FR19", Pricing::Review)];
        let tariff = Tariff::new(groups).unwrap();
        // 2 × 1.5 + 1 × 0.8 = 3.8; 3.8 / 3 = 1.26666…; 1.5 × 100.01 yuan = 150.015 twice, and 80.008.
        let rate = Some(PositiveFen::try_from(10_001).unwrap());
        let worth =
            Worth::of(&tariff, rate, [("FR13", 2), ("FR15", 1), ("FR19", 4), ("0000", 9), ("FQY", 9)]);
        assert_eq!((worth.n_weighed, worth.n_without), (3, 4));
        assert_eq!(worth.weight, "3.8".parse().unwrap());
        assert_eq!(worth.cmi(), Some("1.2667".parse().unwrap()));
        assert_eq!(worth.pay(), Fen::new(2 * 15_002 + 8_001));
        assert_eq!(Worth::of(&tariff, None, [("0000", 9)]).cmi(), None);
    }

    #[test]
    fn what_no_amount_holds_is_refused() {
        let heaviest = Pricing::Weight("1000".parse().unwrap());
        let tariff = Tariff::new([Group::new("FR13".parse().unwrap(), "", heaviest)]).unwrap();
        let greatest = Some(PositiveFen::try_from(medfund_tariff::MOST_FEN).unwrap());
        let measured = |n_cases| Worth::of(&tariff, greatest, [("FR13", n_cases)]).expect_measured().is_ok();
        assert_eq!([9_223, 9_224].map(measured), [true, false]);
    }
}

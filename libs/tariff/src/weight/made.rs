use std::collections::BTreeMap;

use medfund_money::{Fen, Node, PositiveFen};
use serde::{Deserialize, Serialize};

use super::Bounds;
use crate::history::mean;
use crate::{Group, GroupCode, Pricing, Tariff, Weight};

/// How a weight came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// By the group's own cases.
    OwnCases,
    /// By the cases of its ADRG's other severities.
    OtherSeverities {
        /// The ADRG.
        adrg: String,
        /// How many cases they have.
        n_cases: u64,
    },
    /// By its weight in the earlier tariff, scaled.
    Earlier {
        /// That weight.
        weight: Weight,
    },
    /// By an officer's decision.
    Fixed,
    /// It has no weight: its cases are reviewed one by one (特病单议).
    Review,
}

impl How {
    /// How, in the words of a fund clerk.
    #[must_use]
    pub fn zh(&self) -> &'static str {
        match self {
            Self::OwnCases => "本组病例",
            Self::OtherSeverities { .. } => "同ADRG其他组",
            Self::Earlier { .. } => "既往权重折算",
            Self::Fixed => "核定",
            Self::Review => "特病单议",
        }
    }
}

/// One group's weight, and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeWeight {
    /// The weight; `None` where the cases are reviewed one by one.
    pub weight: Option<Weight>,
    /// How it came about.
    pub how: How,
    /// All cases of the group.
    pub n_cases: u64,
    /// How many of them do not count.
    pub n_trimmed: u64,
    /// The cost of those that count, in fen.
    pub cost: Fen,
    /// From which cost to which they count; `None` where none does.
    pub bounds: Option<Bounds>,
    /// The weight's tree; `None` where there is no weight.
    pub derivation: Option<Node>,
}

impl MadeWeight {
    /// The mean cost of the cases that count, rounded to whole fen; `None` where none does.
    #[must_use]
    pub fn mean(&self) -> Option<Fen> {
        mean(self.cost, self.n_cases - self.n_trimmed)
    }
}

/// The mean cost of all cases that weights were made of, rounded to whole fen; `None` where none counts.
#[must_use]
pub fn mean_cost<'m>(made: impl Iterator<Item = &'m MadeWeight>) -> Option<PositiveFen> {
    let of_one = |one: &MadeWeight| (one.cost, one.n_cases - one.n_trimmed);
    let sum = |(cost, n_cases), (own, n_own): (Fen, u64)| (cost + own, n_cases + n_own);
    let (cost, n_cases) = made.map(of_one).fold((Fen::ZERO, 0), sum);
    mean(cost, n_cases).and_then(|mean| mean.try_into().ok())
}

/// The weights of all groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Each group's weight, in the order of their codes.
    pub groups: BTreeMap<GroupCode, MadeWeight>,
    /// How many cases count in all.
    pub n_cases: u64,
    /// What they cost, in fen.
    pub cost: Fen,
}

impl Made {
    /// The mean cost of all cases that count, rounded to whole fen.
    #[must_use]
    pub fn mean(&self) -> Option<Fen> {
        mean(self.cost, self.n_cases)
    }

    /// Whether a case of `group` that cost `cost` counted.
    #[must_use]
    pub fn keeps(&self, group: &GroupCode, cost: PositiveFen) -> bool {
        self.groups.get(group).and_then(|made| made.bounds).is_some_and(|bounds| bounds.keep(cost))
    }

    /// The tariff of these weights; `name` gives each group its name.
    #[must_use]
    pub fn tariff<'n>(&self, name: impl Fn(&GroupCode) -> &'n str) -> Tariff {
        let groups = self.groups.iter().map(|(code, made)| {
            Group::new(code.clone(), name(code), made.weight.map_or(Pricing::Review, Pricing::Weight))
        });
        Tariff::new(groups).expect("each group is made once")
    }
}

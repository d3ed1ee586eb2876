use medfund_money::{Fen, Node};
use serde::{Deserialize, Serialize};

use super::key::BudgetKey;
use super::target::Target;

/// The reserve indicator (预留控制指标) of a fund line in a district.
///
/// planned = drawn + overspend + primary care + left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reserve {
    /// The fund year, fund line and district.
    pub key: BudgetKey,
    /// What was planned.
    pub planned: Fen,
    /// What quota adjustments drew, less what they returned.
    pub drawn: Fen,
    /// The part kept for primary care.
    pub primary_care_earmark: Fen,
    /// What was handed to the clearing for overspend; `None` until it is opened.
    pub released: Option<Fen>,
    /// What the approved clearing brought.
    pub cleared: Option<Cleared>,
    /// What was allotted for primary care out of it.
    pub primary_care: Fen,
}

/// What an approved clearing brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleared {
    /// The part of the reserve that bore overspend.
    pub overspend: Fen,
    /// What the institutions received for the year.
    pub settled: Fen,
}

/// What an approved clearing tells of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// What it brought.
    pub cleared: Cleared,
    /// What the institutions received of the pools, part of what was received.
    pub pooled: Fen,
    /// What came back.
    pub returned: Returned,
}

/// What an approved clearing brings back of what was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Of the reserve.
    pub reserve: Fen,
    /// Of the quotas.
    pub quotas: Fen,
    /// Of the pools and of what was kept to adjust them.
    pub pools: Fen,
}

/// What was handed over to the clearing beside the reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandedOver {
    /// All quotas of the district after their adjustments.
    pub quotas: Fen,
    /// All its pools with what was kept to adjust them.
    pub pools: Fen,
}

/// Why what is told of a clearing cannot be booked.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ClearingMismatch {
    /// The clearing was never opened.
    #[error("the clearing of {0} is not open")]
    NotOpen(BudgetKey),
    /// It was booked before.
    #[error("the clearing of {0} is booked already")]
    Booked(BudgetKey),
    /// Another reserve is accounted for than was handed over.
    #[error("a reserve of {released} was handed over, {told} is accounted for")]
    Reserve {
        /// What was handed over.
        released: Fen,
        /// What was used and returned.
        told: Fen,
    },
    /// The pools are not what was received of them and returned.
    #[error("pools of {handed} were handed over, {told} is accounted for")]
    Pools {
        /// What was handed over.
        handed: Fen,
        /// What the institutions received of them and what was returned.
        told: Fen,
    },
    /// Quotas and reserve are not what was received and returned.
    #[error("quotas and reserve of {handed} were handed over, {told} is accounted for")]
    Sum {
        /// What was handed over.
        handed: Fen,
        /// What the institutions received and what was returned.
        told: Fen,
    },
}

/// Why a reserve is not drawn on or released.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReserveError {
    /// No target of this key is decided.
    #[error("there is no reserve {0}")]
    NotFound(BudgetKey),
    /// Less is left than was asked for.
    #[error("only {available} is left in the reserve, {requested} was asked for")]
    Insufficient {
        /// What is left.
        available: Fen,
        /// What was asked for.
        requested: Fen,
    },
    /// The clearing is open.
    #[error("the clearing of {0} is open")]
    ClearingOpen(BudgetKey),
    /// The business date lies in the fund year.
    #[error("the fund year of {0} is not over")]
    YearNotOver(BudgetKey),
}

impl Reserve {
    /// The reserve that a decided target plans.
    #[must_use]
    pub fn planned(target: &Target) -> Self {
        Self {
            key: target.key.clone(),
            planned: target.reserve,
            drawn: Fen::ZERO,
            primary_care_earmark: target.primary_care_earmark,
            released: None,
            cleared: None,
            primary_care: Fen::ZERO,
        }
    }

    /// What may still be drawn or bear overspend: the part for primary care is not.
    #[must_use]
    pub fn available(&self) -> Fen {
        (self.planned - self.drawn - self.primary_care_earmark).or_zero()
    }

    /// What is left of it.
    #[must_use]
    pub fn left(&self) -> Fen {
        self.planned - self.drawn - self.overspend() - self.primary_care
    }

    /// What bore overspend.
    #[must_use]
    pub fn overspend(&self) -> Fen {
        self.cleared.map_or(Fen::ZERO, |cleared| cleared.overspend)
    }

    /// Draws the change of a quota, or takes it back when the change is negative.
    ///
    /// # Errors
    ///
    /// [`ReserveError::ClearingOpen`], then [`ReserveError::Insufficient`].
    ///
    /// Source: JM 四(二)1 (reserve), 3 (adjustments).
    pub fn draw(self, change: Fen) -> Result<Self, ReserveError> {
        if self.released.is_some() {
            return Err(ReserveError::ClearingOpen(self.key));
        }
        let available = self.available();
        if change > available {
            return Err(ReserveError::Insufficient { available, requested: change });
        }
        Ok(Self { drawn: self.drawn + change, ..self })
    }

    /// Hands what may bear overspend to the clearing.
    ///
    /// # Errors
    ///
    /// [`ReserveError::ClearingOpen`] if that was done.
    ///
    /// Source: JM 四(三)4.
    pub fn release(self) -> Result<Self, ReserveError> {
        if self.released.is_some() {
            return Err(ReserveError::ClearingOpen(self.key));
        }
        Ok(Self { released: Some(self.available()), ..self })
    }

    /// Takes in what an approved clearing brought.
    ///
    /// What institutions received of pools is held against the pools, the rest
    /// against quotas and reserve: no quota pays for pooled care, and no pool
    /// for other care.
    ///
    /// # Errors
    ///
    /// [`ClearingMismatch`] if what was handed over is not what was used, received and returned.
    ///
    /// Source: JM 四(三)4, PZH 四(二)2.
    pub fn clear(self, handed: HandedOver, told: Told) -> Result<Self, ClearingMismatch> {
        let Told { cleared, pooled, returned } = told;
        let Some(released) = self.released else { return Err(ClearingMismatch::NotOpen(self.key)) };
        if self.cleared.is_some() {
            return Err(ClearingMismatch::Booked(self.key));
        }
        let told = cleared.overspend + returned.reserve;
        if told != released {
            return Err(ClearingMismatch::Reserve { released, told });
        }
        let told = pooled + returned.pools;
        if told != handed.pools {
            return Err(ClearingMismatch::Pools { handed: handed.pools, told });
        }
        let handed = handed.quotas + released;
        let told = cleared.settled - pooled + returned.reserve + returned.quotas;
        if told != handed {
            return Err(ClearingMismatch::Sum { handed, told });
        }
        Ok(Self { cleared: Some(cleared), ..self })
    }

    /// The tree of what is left.
    #[must_use]
    pub fn tree(&self) -> Node {
        Node::difference(
            "left_fen",
            "预留控制指标余额",
            "fen",
            vec![
                Node::fen("planned_fen", "计划预留", self.planned),
                Node::fen("drawn_fen", "指标调整动用", self.drawn),
                Node::fen("overspend_fen", "超支补偿", self.overspend()),
                Node::fen("primary_care_fen", "基层考核分配", self.primary_care),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reserve() -> Reserve {
        Reserve {
            key: BudgetKey::from_id("440700".parse().unwrap(), "2017-employee-440703").unwrap(),
            planned: Fen::new(1_000),
            drawn: Fen::ZERO,
            primary_care_earmark: Fen::new(200),
            released: None,
            cleared: None,
            primary_care: Fen::ZERO,
        }
    }

    #[test]
    fn the_part_for_primary_care_cannot_be_drawn() {
        let refused = ReserveError::Insufficient { available: Fen::new(800), requested: Fen::new(801) };
        assert_eq!(reserve().draw(Fen::new(801)), Err(refused));
        assert_eq!(reserve().draw(Fen::new(800)).unwrap().available(), Fen::ZERO);
    }

    #[test]
    fn a_cut_quota_returns_to_the_reserve() {
        let returned = reserve().draw(Fen::new(-300)).unwrap();
        assert_eq!((returned.drawn, returned.available()), (Fen::new(-300), Fen::new(1_100)));
    }

    #[test]
    fn what_is_left_is_released_once_and_then_nothing_is_drawn() {
        let released = reserve().draw(Fen::new(300)).unwrap().release().unwrap();
        assert_eq!(released.released, Some(Fen::new(500)));
        let open = ReserveError::ClearingOpen(reserve().key);
        assert_eq!(released.clone().draw(Fen::new(1)), Err(ReserveError::ClearingOpen(reserve().key)));
        assert_eq!(released.release(), Err(open));
    }

    #[test]
    fn a_clearing_must_account_for_all_that_was_handed_over() {
        let told = |overspend, settled, pooled, [reserve, quotas, pools]: [i64; 3]| Told {
            cleared: Cleared { overspend: Fen::new(overspend), settled: Fen::new(settled) },
            pooled: Fen::new(pooled),
            returned: Returned {
                reserve: Fen::new(reserve),
                quotas: Fen::new(quotas),
                pools: Fen::new(pools),
            },
        };
        let handed = HandedOver { quotas: Fen::new(5_000), pools: Fen::new(9_000) };
        let closed = reserve().clear(handed, told(0, 0, 0, [0, 0, 0]));
        assert_eq!(closed, Err(ClearingMismatch::NotOpen(reserve().key)));

        let open = reserve().release().unwrap();
        // 5,000 and 800 were handed over: 5,100 received, of which the reserve bore 300; 500 and 200 came back.
        // Of the pool of 9,000 institutions received 8,600, 400 came back.
        let right = told(300, 13_700, 8_600, [500, 200, 400]);
        let booked = open.clone().clear(handed, right).unwrap();
        assert_eq!((booked.overspend(), booked.left()), (Fen::new(300), Fen::new(700)));
        assert_eq!(booked.clear(handed, right), Err(ClearingMismatch::Booked(reserve().key)));
        let short = open.clone().clear(handed, told(300, 13_700, 8_600, [499, 201, 400]));
        assert_eq!(short, Err(ClearingMismatch::Reserve { released: Fen::new(800), told: Fen::new(799) }));
        let mixed = open.clone().clear(handed, told(300, 13_700, 8_601, [500, 201, 400]));
        assert_eq!(mixed, Err(ClearingMismatch::Pools { handed: Fen::new(9_000), told: Fen::new(9_001) }));
        let lost = open.clear(handed, told(300, 13_700, 8_600, [500, 199, 400]));
        assert_eq!(lost, Err(ClearingMismatch::Sum { handed: Fen::new(5_800), told: Fen::new(5_799) }));
    }

    proptest! {
        #[test]
        fn its_parts_add_up_and_the_tree_says_so(drawn in -500..800_i64, overspend in 0..500_i64) {
            let mut one = reserve().draw(Fen::new(drawn)).unwrap();
            one.cleared = Some(Cleared { overspend: Fen::new(overspend), settled: Fen::ZERO });
            prop_assert_eq!(one.drawn + one.overspend() + one.primary_care + one.left(), one.planned);
            prop_assert_eq!(one.tree().re_evaluate().unwrap(), one.left().into());
        }
    }
}

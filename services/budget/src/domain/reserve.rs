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

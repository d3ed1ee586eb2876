use medfund_money::{Exact, Fen, Node};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::key::BudgetKey;
use super::parameter::Parameter;

/// Where a target stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TargetState {
    /// Proposed by the agency.
    Proposed,
    /// Decided by the body that the pack names.
    Decided,
}

/// One deduction before total control (总额控制扣除项).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deduction {
    /// Its id in the pack.
    pub id: String,
    /// The amount, not negative.
    pub amount: Fen,
}

/// The annual total-control target (年度总额控制目标) of a fund line in a district.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The fund year, fund line and district.
    pub key: BudgetKey,
    /// The expenditure budget it starts from.
    pub budget: Fen,
    /// The deductions, in the pack's order.
    pub deductions: Vec<Deduction>,
    /// The reserve indicator (预留控制指标).
    pub reserve: Fen,
    /// The part of the reserve that is kept for primary care.
    pub primary_care_earmark: Fen,
    /// The adjustment for risks and prices.
    pub adjustment: Fen,
    /// Why it was made.
    pub adjustment_reason: String,
    /// The target.
    pub target: Fen,
    /// Where it stands.
    pub state: TargetState,
    /// The decision that fixed it.
    pub decision: Option<Uuid>,
    /// Who proposed it.
    pub maker: String,
    /// Counts its changes.
    pub version: i64,
}

/// What the agency proposes.
#[derive(Clone, Debug)]
pub struct TargetProposal {
    /// The deductions it names.
    pub deductions: Vec<Deduction>,
    /// The reserve; `None`: the pack's planned share.
    pub reserve: Option<Fen>,
    /// What the part for primary care is multiplied by; `None`: it is not raised.
    pub primary_care_raise: Option<Exact>,
    /// The adjustment for risks and prices.
    pub adjustment: Fen,
    /// Why.
    pub adjustment_reason: String,
}

/// What the pack says of targets.
#[derive(Clone, Debug)]
pub struct TargetRules {
    /// The deductions' ids and Chinese terms, in the pack's order, with their clauses.
    pub deductions: Vec<DeductionRule>,
    /// The most the reserve may be, as a share of the budget.
    pub max_rate: Parameter,
    /// What the reserve is unless decided otherwise, as a share of the budget.
    pub planned_rate: Parameter,
    /// The share of the reserve that is kept for primary care.
    pub earmark_rate: Option<Parameter>,
    /// The least and the most that this share may be multiplied by when the last year's was short.
    pub raise_range: Option<(Exact, Exact)>,
}

/// One deduction as the pack names it.
#[derive(Clone, Debug)]
pub struct DeductionRule {
    /// Its id.
    pub id: String,
    /// What the notice calls it.
    pub term: String,
    /// Its clause.
    pub clause: String,
}

/// Why a target is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TargetError {
    /// There is none.
    #[error("there is no target {0}")]
    NotFound(BudgetKey),
    /// The budget it starts from is not approved.
    #[error("the budget {0} is not approved")]
    BudgetNotApproved(BudgetKey),
    /// The pack has no such deduction, or it is named twice.
    #[error("the pack has no deduction `{0}`, or it is named twice")]
    UnknownDeduction(String),
    /// The reserve is more than the pack allows.
    #[error("the reserve of {reserve} is more than the pack's {max}")]
    ReserveOverMax {
        /// The reserve.
        reserve: Fen,
        /// The most it may be.
        max: Fen,
    },
    /// The part for primary care is not raised as the pack allows.
    #[error("the part for primary care is raised by {value}, the pack allows {least} to {most}")]
    RaiseOutOfRange {
        /// The least.
        least: Exact,
        /// The most.
        most: Exact,
        /// The value.
        value: Exact,
    },
    /// Nothing is left.
    #[error("a target of {0} is not more than zero")]
    NotPositive(Fen),
    /// Its state forbids it.
    #[error("the target is {0:?}")]
    WrongState(TargetState),
    /// The caller proposed it.
    #[error("who proposed the target cannot put it into force")]
    SamePerson,
    /// It changed since it was read.
    #[error("the target is at version {current}, the caller read {expected}")]
    EtagMismatch {
        /// Its version.
        current: i64,
        /// The version the caller read.
        expected: i64,
    },
}

impl Target {
    /// Computes a target from the approved expenditure budget.
    ///
    /// budget − deductions − reserve + adjustment; the reserve is at most the
    /// pack's share of the budget.
    ///
    /// # Errors
    ///
    /// [`TargetError::WrongState`] if the one before is decided, then
    /// [`TargetError::UnknownDeduction`], [`TargetError::ReserveOverMax`],
    /// [`TargetError::RaiseOutOfRange`], [`TargetError::NotPositive`].
    ///
    /// Source: JM 四(二)1.
    pub fn propose(
        key: BudgetKey,
        before: Option<&Self>,
        budget: Fen,
        proposal: TargetProposal,
        rules: &TargetRules,
        maker: &str,
    ) -> Result<Self, TargetError> {
        if let Some(Self { state: state @ TargetState::Decided, .. }) = before {
            return Err(TargetError::WrongState(*state));
        }
        let deductions = in_order(&proposal.deductions, &rules.deductions)?;
        let planned = Fen::round_half_up(&rules.planned_rate.value * &Exact::from(budget));
        let reserve = proposal.reserve.unwrap_or(planned);
        let max = &rules.max_rate.value * &Exact::from(budget);
        if Exact::from(reserve) > max {
            return Err(TargetError::ReserveOverMax { reserve, max: Fen::round_half_up(max) });
        }
        let primary_care_earmark = earmark(reserve, proposal.primary_care_raise, rules)?;
        let deducted: Fen = deductions.iter().map(|deduction| deduction.amount).sum();
        let target = budget - deducted - reserve + proposal.adjustment;
        if target <= Fen::ZERO {
            return Err(TargetError::NotPositive(target));
        }
        Ok(Self {
            key,
            budget,
            deductions,
            reserve,
            primary_care_earmark,
            adjustment: proposal.adjustment,
            adjustment_reason: proposal.adjustment_reason,
            target,
            state: TargetState::Proposed,
            decision: None,
            maker: maker.to_owned(),
            version: before.map_or(1, |before| before.version + 1),
        })
    }

    /// The tree of the target.
    #[must_use]
    pub fn tree(&self, rules: &TargetRules) -> Node {
        let budget = Node::fen("budget_fen", "基金支出预算", self.budget);
        let planned = &rules.planned_rate;
        let rate =
            Node::given(&planned.name, &planned.term, "rate", planned.value.clone()).clause(&planned.clause);
        let planned =
            Node::product("reserve_fen", "预留控制指标", "fen", vec![budget.clone(), rate]).rounded_to_fen();
        let reserve = if planned.amount() == self.reserve {
            planned
        } else {
            Node::fen("reserve_fen", "预留控制指标", self.reserve).clause(&rules.max_rate.clause)
        };
        let mut parts = vec![budget];
        parts.extend(self.deductions.iter().zip(&rules.deductions).map(|(deduction, rule)| {
            Node::fen(&deduction.id, &rule.term, deduction.amount).clause(&rule.clause)
        }));
        parts.push(reserve);
        Node::sum(
            "target_fen",
            "年度总额控制目标",
            "fen",
            vec![
                Node::difference("controlled_fen", "扣除后预算", "fen", parts),
                Node::fen("adjustment_fen", "风险与物价调整", self.adjustment),
            ],
        )
    }

    /// Puts a decision on the proposed target into force.
    ///
    /// # Errors
    ///
    /// [`TargetError::EtagMismatch`], [`TargetError::WrongState`], [`TargetError::SamePerson`].
    pub fn decide(self, decision: Uuid, checker: &str, expected: i64) -> Result<Self, TargetError> {
        if self.version != expected {
            return Err(TargetError::EtagMismatch { current: self.version, expected });
        }
        if self.state != TargetState::Proposed {
            return Err(TargetError::WrongState(self.state));
        }
        if self.maker == checker {
            return Err(TargetError::SamePerson);
        }
        Ok(Self { state: TargetState::Decided, decision: Some(decision), version: self.version + 1, ..self })
    }
}

/// The part of the reserve that is kept for primary care (考核预留指标), never more than all of it.
///
/// - `raise`: what it is multiplied by because the last year's was short (不足的，可适当增大预留比例).
///
/// Source: JM 四(八)4.
fn earmark(reserve: Fen, raise: Option<Exact>, rules: &TargetRules) -> Result<Fen, TargetError> {
    let one = || Exact::from(1_i64);
    let (least, most) = rules.raise_range.clone().unwrap_or_else(|| (one(), one()));
    let raise = match raise {
        Some(value) if value < least || value > most => {
            return Err(TargetError::RaiseOutOfRange { least, most, value });
        }
        Some(value) => value,
        None => one(),
    };
    let Some(rate) = &rules.earmark_rate else { return Ok(Fen::ZERO) };
    Ok(Fen::round_half_up(&(&rate.value * &raise) * &Exact::from(reserve)).min(reserve))
}

/// Puts the named deductions into the pack's order; what is not named is zero.
///
/// # Errors
///
/// [`TargetError::UnknownDeduction`] for one the pack does not have, or that is named twice.
pub fn in_order(named: &[Deduction], rules: &[DeductionRule]) -> Result<Vec<Deduction>, TargetError> {
    for (index, deduction) in named.iter().enumerate() {
        let known = rules.iter().any(|rule| rule.id == deduction.id);
        if !known || named[..index].iter().any(|other| other.id == deduction.id) {
            return Err(TargetError::UnknownDeduction(deduction.id.clone()));
        }
    }
    let amount = |id: &str| named.iter().find(|d| d.id == id).map_or(Fen::ZERO, |d| d.amount);
    Ok(rules.iter().map(|rule| Deduction { id: rule.id.clone(), amount: amount(&rule.id) }).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> BudgetKey {
        BudgetKey::from_id("440700".parse().unwrap(), "2017-employee-440703").unwrap()
    }

    fn parameter(value: &str) -> Parameter {
        Parameter {
            name: "rate".to_owned(),
            term: "比例".to_owned(),
            value: value.parse().unwrap(),
            clause: "JM 四(二)1".to_owned(),
        }
    }

    fn rules() -> TargetRules {
        let rule = |id: &str| DeductionRule {
            id: id.to_owned(),
            term: id.to_owned(),
            clause: "JM 四(二)1".to_owned(),
        };
        TargetRules {
            deductions: vec![rule("prepaid"), rule("out_of_area"), rule("other")],
            max_rate: parameter("0.15"),
            planned_rate: parameter("0.10"),
            earmark_rate: Some(parameter("0.2")),
            raise_range: Some(("1".parse().unwrap(), "1.5".parse().unwrap())),
        }
    }

    fn proposal(reserve: Option<i64>) -> TargetProposal {
        TargetProposal {
            deductions: vec![Deduction { id: "out_of_area".to_owned(), amount: Fen::new(2_000) }],
            reserve: reserve.map(Fen::new),
            primary_care_raise: None,
            adjustment: Fen::new(-100),
            adjustment_reason: "物价".to_owned(),
        }
    }

    #[test]
    fn a_target_is_the_budget_less_deductions_and_reserve_with_the_adjustment() {
        let target = Target::propose(key(), None, Fen::new(10_005), proposal(None), &rules(), "m").unwrap();
        assert_eq!(target.reserve, Fen::new(1_001));
        assert_eq!(target.primary_care_earmark, Fen::new(200));
        assert_eq!(target.target, Fen::new(10_005 - 2_000 - 1_001 - 100));
        let ids: Vec<&str> = target.deductions.iter().map(|d| d.id.as_str()).collect();
        assert_eq!(ids, ["prepaid", "out_of_area", "other"]);
    }

    #[test]
    fn the_reserve_is_at_most_the_packs_share_of_the_budget() {
        let propose =
            |reserve| Target::propose(key(), None, Fen::new(10_000), proposal(Some(reserve)), &rules(), "m");
        assert!(propose(1_500).is_ok());
        let refused = TargetError::ReserveOverMax { reserve: Fen::new(1_501), max: Fen::new(1_500) };
        assert_eq!(propose(1_501), Err(refused));
    }

    #[test]
    fn what_was_short_for_primary_care_last_year_may_be_raised_within_the_packs_range() {
        let raised = |raise: &str| {
            let raised =
                TargetProposal { primary_care_raise: Some(raise.parse().unwrap()), ..proposal(Some(1_000)) };
            Target::propose(key(), None, Fen::new(10_000), raised, &rules(), "m")
        };
        // A fifth of 1,000, half as much again.
        assert_eq!(raised("1.5").unwrap().primary_care_earmark, Fen::new(300));
        let (least, most) = ("1".parse().unwrap(), "1.5".parse().unwrap());
        let refused = TargetError::RaiseOutOfRange { least, most, value: "1.51".parse().unwrap() };
        assert_eq!(raised("1.51"), Err(refused));
    }

    #[test]
    fn a_deduction_is_one_of_the_packs_and_named_once() {
        for ids in [vec!["unknown"], vec!["other", "other"]] {
            let deductions =
                ids.iter().map(|id| Deduction { id: (*id).to_owned(), amount: Fen::new(1) }).collect();
            let bad = TargetProposal { deductions, ..proposal(None) };
            let refused = Target::propose(key(), None, Fen::new(10_000), bad, &rules(), "m");
            assert_eq!(refused, Err(TargetError::UnknownDeduction(ids[0].to_owned())));
        }
    }

    #[test]
    fn a_target_of_nothing_is_refused() {
        let deductions = vec![Deduction { id: "other".to_owned(), amount: Fen::new(9_000) }];
        let bad = TargetProposal { deductions, adjustment: Fen::ZERO, ..proposal(None) };
        let refused = Target::propose(key(), None, Fen::new(10_000), bad, &rules(), "m");
        assert_eq!(refused, Err(TargetError::NotPositive(Fen::ZERO)));
    }

    #[test]
    fn another_person_puts_it_into_force_and_then_it_stands() {
        let proposed = Target::propose(key(), None, Fen::new(10_000), proposal(None), &rules(), "m").unwrap();
        assert_eq!(proposed.clone().decide(Uuid::nil(), "m", 1), Err(TargetError::SamePerson));
        let decided = proposed.decide(Uuid::nil(), "c", 1).unwrap();
        let again = Target::propose(key(), Some(&decided), Fen::new(10_000), proposal(None), &rules(), "m");
        assert_eq!(again, Err(TargetError::WrongState(TargetState::Decided)));
    }

    proptest! {
        #[test]
        fn the_parts_add_up_to_the_budget(budget in 10_000..1_000_000_000_000_i64, reserve_share in 0..15_i64) {
            let reserve = budget / 100 * reserve_share;
            let target = Target::propose(key(), None, Fen::new(budget), proposal(Some(reserve)), &rules(), "m").unwrap();
            let deducted: Fen = target.deductions.iter().map(|d| d.amount).sum();
            prop_assert_eq!(target.target + deducted + target.reserve - target.adjustment, Fen::new(budget));
            prop_assert!(target.primary_care_earmark <= target.reserve);
            prop_assert_eq!(target.tree(&rules()).re_evaluate().unwrap(), Exact::from(target.target));
        }
    }
}

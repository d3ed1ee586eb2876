use std::collections::BTreeMap;

use medfund_money::{Exact, Fen, Node, allocate};
use medfund_policy::{Bound, KindOfCare};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::key::BudgetKey;
use super::parameter::Parameter;

/// Where a structure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StructureState {
    /// Proposed by the agency.
    Proposed,
    /// Decided by the body that the pack names.
    Decided,
}

/// The division of a target among kinds of care (基金支出结构), where one of them is a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Structure {
    /// The fund year, fund line and district.
    pub key: BudgetKey,
    /// The target; the kinds of care add up to it.
    pub target: Fen,
    /// The kinds of care, in the pack's order.
    pub cares: Vec<CareBudget>,
    /// Where it stands.
    pub state: StructureState,
    /// The decision that fixed it.
    pub decision: Option<Uuid>,
    /// Who proposed it.
    pub maker: String,
    /// Counts its changes.
    pub version: i64,
}

/// What a target leaves for one kind of care.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareBudget {
    /// The kind of care.
    pub care: KindOfCare,
    /// Its share of the target.
    pub share: Exact,
    /// Its amount.
    pub amount: Fen,
    /// Who gets it.
    pub state: BudgetRegime,
}

/// A budget of a kind of care is either decomposed into quotas or shared as a pool, never both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BudgetRegime {
    /// Institutions get quotas of it (定点机构总额控制).
    Quota,
    /// Institutions share it by what they did (区域总额池).
    Pool(Pool),
}

/// A pool (区域总额池) of one kind of care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// What the months and the clearing share.
    pub amount: Fen,
    /// What is kept to adjust it (调剂金).
    pub adjustment: Fen,
    /// Counts its decisions.
    pub revision: u32,
}

/// What the pack says of a fund line's structure.
#[derive(Clone, Debug)]
pub struct StructureRules {
    /// The kinds of care that the line pays out of its target, in the pack's order.
    pub cares: Vec<CareRule>,
}

/// What the pack says of one kind of care.
#[derive(Clone, Debug)]
pub struct CareRule {
    /// The kind of care.
    pub care: KindOfCare,
    /// The share kept of its amount to adjust it; `None`: it is no pool.
    pub adjustment_rate: Option<Parameter>,
    /// The bounds of its share of the target.
    pub limits: Vec<ShareLimit>,
}

/// A bound of a kind of care's share of the target (支出结构).
#[derive(Clone, Debug)]
pub struct ShareLimit {
    /// Whether the share is the most or the least.
    pub bound: Bound,
    /// The share.
    pub share: Parameter,
}

/// Why a structure is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum StructureError {
    /// There is none.
    #[error("there is no structure {0}")]
    NotFound(BudgetKey),
    /// The target is not decided.
    #[error("the target {0} is not decided")]
    TargetNotDecided(BudgetKey),
    /// The pools of the fund line must be decided first.
    #[error("the structure {0} is not decided")]
    NotDecided(BudgetKey),
    /// No kind of care of the fund line is a pool.
    #[error("no kind of care of {0} is a pool: its whole target is decomposed")]
    NoPool(BudgetKey),
    /// The line pays no such care out of its target, or it is named twice.
    #[error("`{0}` is not paid out of the target, or it is named twice")]
    UnknownCare(KindOfCare),
    /// The shares are not the whole.
    #[error("the shares add up to {0}, not to 1")]
    NotWhole(Exact),
    /// A share lies beyond the pack's bound.
    #[error("the share of `{care}` is {share}, the pack bounds it ({bound}) by {limit}")]
    ShareOutOfBound {
        /// The kind of care.
        care: KindOfCare,
        /// Its share.
        share: Box<Exact>,
        /// Which side is bad.
        bound: Bound,
        /// The pack's share.
        limit: Box<Exact>,
        /// The bound's clause.
        clause: String,
    },
    /// Its state forbids it.
    #[error("the structure is {0:?}")]
    WrongState(StructureState),
    /// The caller proposed it.
    #[error("who proposed the structure cannot put it into force")]
    SamePerson,
    /// It changed since it was read.
    #[error("the structure is at version {current}, the caller read {expected}")]
    EtagMismatch {
        /// Its version.
        current: i64,
        /// The version the caller read.
        expected: i64,
    },
    /// The kind of care is no pool.
    #[error("`{0}` is no pool")]
    NotPooled(KindOfCare),
    /// Less is kept to adjust the pool than was asked for.
    #[error("only {available} is kept to adjust the pool, {requested} was asked for")]
    AdjustmentInsufficient {
        /// What is kept.
        available: Fen,
        /// What was asked for.
        requested: Fen,
    },
    /// More would be taken away than the pool has.
    #[error("the pool is {available}, {requested} would be taken away")]
    PoolInsufficient {
        /// What the pool has.
        available: Fen,
        /// What would be taken away.
        requested: Fen,
    },
}

/// A structure with the trees of its amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divided {
    /// The structure.
    pub structure: Structure,
    /// The tree of each kind of care's amount, and of what a pool shares of it, in their order.
    pub trees: Vec<CareTrees>,
}

/// The trees of one kind of care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CareTrees {
    /// Of its amount.
    pub amount: Node,
    /// Of what the months and the clearing share of it; `None`: it has quotas.
    pub pool: Option<Node>,
}

impl Structure {
    /// Divides a target among the kinds of care that the line pays out of it.
    ///
    /// Amounts are shares by largest remainder in the pack's order and add up
    /// to the target. A pool keeps the pack's share of its amount to adjust it,
    /// rounded half up; the rest is what institutions share.
    ///
    /// - `shares`: of the target by kind of care, not negative; what is not named gets nothing. None: the pack's.
    ///
    /// # Errors
    ///
    /// [`StructureError::WrongState`] if the one before is decided, then
    /// [`StructureError::NoPool`], [`StructureError::UnknownCare`],
    /// [`StructureError::NotWhole`], [`StructureError::ShareOutOfBound`].
    ///
    /// Source: PZH 四(一)3 (shares), 四(二)2 (pool).
    pub fn propose(
        key: BudgetKey,
        before: Option<&Self>,
        target: Fen,
        shares: &[(KindOfCare, Exact)],
        rules: &StructureRules,
        maker: &str,
    ) -> Result<Divided, StructureError> {
        if let Some(Self { state: state @ StructureState::Decided, .. }) = before {
            return Err(StructureError::WrongState(*state));
        }
        if rules.cares.iter().all(|rule| rule.adjustment_rate.is_none()) {
            return Err(StructureError::NoPool(key));
        }
        let shares = in_order(shares, rules)?;
        for (rule, share) in rules.cares.iter().zip(&shares) {
            rule.check(share)?;
        }
        let amounts = allocate(target, &shares).expect("shares are not negative and add up to 1");
        let whole = Node::fen("target_fen", "年度总额控制目标", target);
        let (cares, trees) = rules
            .cares
            .iter()
            .zip(shares.iter().zip(amounts))
            .map(|(rule, (share, amount))| rule.divide(&whole, share, amount))
            .unzip();
        let structure = Self {
            key,
            target,
            cares,
            state: StructureState::Proposed,
            decision: None,
            maker: maker.to_owned(),
            version: before.map_or(1, |before| before.version + 1),
        };
        Ok(Divided { structure, trees })
    }

    /// Puts a decision on the proposed structure into force.
    ///
    /// # Errors
    ///
    /// [`StructureError::EtagMismatch`], [`StructureError::WrongState`], [`StructureError::SamePerson`].
    pub fn decide(self, decision: Uuid, checker: &str, expected: i64) -> Result<Self, StructureError> {
        if self.version != expected {
            return Err(StructureError::EtagMismatch { current: self.version, expected });
        }
        if self.state != StructureState::Proposed {
            return Err(StructureError::WrongState(self.state));
        }
        if self.maker == checker {
            return Err(StructureError::SamePerson);
        }
        Ok(Self {
            state: StructureState::Decided,
            decision: Some(decision),
            version: self.version + 1,
            ..self
        })
    }

    /// Moves money between what is kept to adjust a pool and the pool.
    ///
    /// - `change`: what the pool gets, negative when it gives back.
    ///
    /// # Errors
    ///
    /// [`StructureError::EtagMismatch`], [`StructureError::WrongState`] if the structure is not decided, then
    /// [`StructureError::NotPooled`], [`StructureError::AdjustmentInsufficient`],
    /// [`StructureError::PoolInsufficient`].
    pub fn adjust(
        mut self,
        care: KindOfCare,
        change: Fen,
        expected: i64,
    ) -> Result<(Self, Pool), StructureError> {
        if self.version != expected {
            return Err(StructureError::EtagMismatch { current: self.version, expected });
        }
        if self.state != StructureState::Decided {
            return Err(StructureError::WrongState(self.state));
        }
        let budget = self.cares.iter_mut().find(|budget| budget.care == care);
        let pool = budget.and_then(|budget| match &mut budget.state {
            BudgetRegime::Pool(pool) => Some(pool),
            BudgetRegime::Quota => None,
        });
        let pool = pool.ok_or(StructureError::NotPooled(care))?;
        if change > pool.adjustment {
            return Err(StructureError::AdjustmentInsufficient {
                available: pool.adjustment,
                requested: change,
            });
        }
        if -change > pool.amount {
            return Err(StructureError::PoolInsufficient { available: pool.amount, requested: -change });
        }
        pool.amount += change;
        pool.adjustment -= change;
        pool.revision += 1;
        let pool = *pool;
        self.version += 1;
        Ok((self, pool))
    }

    /// What is decomposed into quotas.
    #[must_use]
    pub fn quotas(&self) -> Fen {
        self.cares
            .iter()
            .filter(|budget| budget.state == BudgetRegime::Quota)
            .map(|budget| budget.amount)
            .sum()
    }

    /// The pools with their kinds of care.
    pub fn pools(&self) -> impl Iterator<Item = (KindOfCare, Pool)> {
        self.cares.iter().filter_map(|budget| match budget.state {
            BudgetRegime::Pool(pool) => Some((budget.care, pool)),
            BudgetRegime::Quota => None,
        })
    }
}

impl CareRule {
    fn check(&self, share: &Exact) -> Result<(), StructureError> {
        for limit in &self.limits {
            let bad = match limit.bound {
                Bound::Max => *share > limit.share.value,
                Bound::Min => *share < limit.share.value,
            };
            if bad {
                return Err(StructureError::ShareOutOfBound {
                    care: self.care,
                    share: Box::new(share.clone()),
                    bound: limit.bound,
                    limit: Box::new(limit.share.value.clone()),
                    clause: limit.share.clause.clone(),
                });
            }
        }
        Ok(())
    }

    fn divide(&self, whole: &Node, share: &Exact, amount: Fen) -> (CareBudget, CareTrees) {
        let term = self.care.term();
        let mut weight = Node::given("share", "占总额控制目标比例", "rate", share.clone());
        if let Some(limit) = self.limits.first() {
            weight = weight.clause(&limit.share.clause);
        }
        let one = Node::given("shares", "比例之和", "rate", Exact::from(1_i64));
        let tree = Node::share("care_fen", term, whole.clone(), weight, one, amount);
        let Some(rate) = &self.adjustment_rate else {
            let budget =
                CareBudget { care: self.care, share: share.clone(), amount, state: BudgetRegime::Quota };
            return (budget, CareTrees { amount: tree, pool: None });
        };
        let rate = Node::given(&rate.name, &rate.term, "rate", rate.value.clone()).clause(&rate.clause);
        let kept =
            Node::product("adjustment_fen", "调剂金", "fen", vec![tree.clone(), rate]).rounded_to_fen();
        let adjustment = kept.amount();
        let pool = Node::difference("pool_fen", "区域总额池", "fen", vec![tree.clone(), kept]);
        let state = BudgetRegime::Pool(Pool { amount: pool.amount(), adjustment, revision: 1 });
        let budget = CareBudget { care: self.care, share: share.clone(), amount, state };
        (budget, CareTrees { amount: tree, pool: Some(pool) })
    }
}

/// The shares in the pack's order, which are the whole.
fn in_order(named: &[(KindOfCare, Exact)], rules: &StructureRules) -> Result<Vec<Exact>, StructureError> {
    let mut shares: BTreeMap<KindOfCare, &Exact> = BTreeMap::new();
    for (care, share) in named {
        let known = rules.cares.iter().any(|rule| rule.care == *care);
        if !known || shares.insert(*care, share).is_some() {
            return Err(StructureError::UnknownCare(*care));
        }
    }
    let of_pack = |rule: &CareRule| rule.limits.first().map(|limit| limit.share.value.clone());
    let shares: Vec<Exact> = rules
        .cares
        .iter()
        .map(|rule| {
            let share =
                if named.is_empty() { of_pack(rule) } else { shares.get(&rule.care).copied().cloned() };
            share.unwrap_or_else(Exact::zero)
        })
        .collect();
    let sum: Exact = shares.iter().sum();
    if sum == Exact::from(1_i64) { Ok(shares) } else { Err(StructureError::NotWhole(sum)) }
}

/// The name of what a kind of care gets of the target.
#[must_use]
pub fn amount_name(key: &BudgetKey, care: KindOfCare) -> String {
    format!("{}/{care}", key.name("structures"))
}

/// The name of what a pool shares of it.
#[must_use]
pub fn pool_name(key: &BudgetKey, care: KindOfCare) -> String {
    format!("{}/pool", amount_name(key, care))
}

#[cfg(test)]
mod tests;

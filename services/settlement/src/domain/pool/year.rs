use std::collections::BTreeMap;

use medfund_money::{AllocationError, Fen, Node};
use medfund_policy::KindOfCare;
use medfund_tariff::case_points::Kind;
use medfund_tariff::share::{Covers, Member, derive, share};
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};

use super::cases::Pointed;

/// A pool at the clearing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// The kind of care.
    pub kind_of_care: KindOfCare,
    /// What its months and clearing share.
    pub amount: Fen,
    /// What was kept to adjust it (调剂金), released to the clearing.
    pub adjustment: Fen,
    /// What a point pays.
    pub covers: Covers,
}

/// What the months have paid an institution of a pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PooledYear {
    /// Its cases.
    pub pointed: Pointed,
    /// What the months refused.
    pub refused: Fen,
    /// What the months paid.
    pub paid: Fen,
    /// What a rate gave for its months, before refusals; nothing where points pay.
    pub rated: Fen,
}

/// An institution's share of a pool, before what is refused or deducted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolShare {
    /// The kind of care.
    pub kind_of_care: KindOfCare,
    /// Its year.
    pub year: PooledYear,
    /// Its points × the value of a point − what its patients paid.
    pub pay: Node,
}

impl PoolShare {
    /// The share less what the months refused.
    #[must_use]
    pub fn after_refusals(&self) -> Node {
        let refused = Node::fen("refused_fen", "月度拒付", self.year.refused);
        let name = format!("pool_fen/{}", self.kind_of_care);
        Node::difference(&name, "区域总额应得", "fen", vec![self.pay.clone(), refused])
    }

    /// The share as it is kept, `deducted` by the clearing.
    #[must_use]
    pub fn outcome(&self, deducted: Fen) -> PoolOutcome {
        let year = &self.year;
        PoolOutcome {
            kind_of_care: self.kind_of_care,
            n_by_kind: year.pointed.n_by_kind.clone(),
            points: year.pointed.member.points.get(),
            personal: year.pointed.member.personal,
            pay: self.pay.amount(),
            refused: year.refused,
            deducted,
            final_amount: self.pay.amount() - year.refused - deducted,
            paid: year.paid,
        }
    }
}

/// What a pool comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolTotals {
    /// The kind of care.
    pub kind_of_care: KindOfCare,
    /// What its months and clearing share.
    pub amount: Fen,
    /// What was kept to adjust it.
    pub adjustment: Fen,
    /// What is shared: both, and the personal parts where the standard covers them; the value of a point is this divided
    /// by all points.
    pub shared: Fen,
    /// All points, in units of 0.0001.
    pub points: i64,
    /// All cases by kind.
    pub n_by_kind: BTreeMap<Kind, i64>,
    /// Given back of the pool: what was refused or deducted, all of it where there is no point.
    pub returned: Fen,
    /// Given back of what was kept to adjust it.
    pub adjustment_returned: Fen,
}

/// One institution's share of a pool as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolOutcome {
    /// The kind of care.
    pub kind_of_care: KindOfCare,
    /// Its cases by kind.
    pub n_by_kind: BTreeMap<Kind, i64>,
    /// Its points, in units of 0.0001.
    pub points: i64,
    /// What its patients paid.
    pub personal: Fen,
    /// Its points × the value of a point − what its patients paid.
    pub pay: Fen,
    /// Refused by the months.
    pub refused: Fen,
    /// Deducted by the clearing.
    pub deducted: Fen,
    /// What it receives of the pool for the year.
    pub final_amount: Fen,
    /// Of it, paid by the months.
    pub paid: Fen,
}

impl PoolTotals {
    /// Notes what is given back: the pool less what its institutions receive.
    #[must_use]
    pub fn after<'o>(self, outcomes: impl Iterator<Item = &'o PoolOutcome>) -> Self {
        let own = outcomes.filter(|one| one.kind_of_care == self.kind_of_care);
        let received: Fen = own.map(|one| one.final_amount).sum();
        let returned = self.amount + self.adjustment - self.adjustment_returned - received;
        Self { returned, ..self }
    }
}

/// Shares a pool by the points of the year (点数法清算).
///
/// The value of a point is (pool + what was kept to adjust it + personal parts) ÷ all points, an exact ratio; what all
/// institutions are paid is the pool with what was kept, to the fen. What a rate paid is no part of what points share. A
/// pool without points is given back but for that.
///
/// # Errors
///
/// [`AllocationError`], if the pool is less than nothing.
///
/// Source: PZH 四(二)1, 2 and 3.
pub fn share_year(
    pool: &Pool,
    members: &BTreeMap<InstitutionCode, PooledYear>,
) -> Result<(PoolTotals, BTreeMap<InstitutionCode, PoolShare>), AllocationError> {
    let all: Vec<Member> = members.values().map(|one| one.pointed.member).collect();
    let inputs = vec![
        Node::fen("pool_fen", "住院服务基金支出预算", pool.amount),
        Node::fen("adjustment_fen", "调剂金", pool.adjustment),
    ];
    let budget = left_to_points(Node::sum("budget_fen", "年度分配额", "fen", inputs), members);
    let mut totals = PoolTotals {
        kind_of_care: pool.kind_of_care,
        amount: pool.amount,
        adjustment: pool.adjustment,
        shared: Fen::ZERO,
        points: all.iter().map(|one| one.points.get()).sum(),
        n_by_kind: BTreeMap::new(),
        returned: Fen::ZERO,
        adjustment_returned: Fen::ZERO,
    };
    for (kind, n) in members.values().flat_map(|one| &one.pointed.n_by_kind) {
        *totals.n_by_kind.entry(*kind).or_default() += n;
    }
    let share_of = |year: &PooledYear, pay: Node| {
        let pay = pay.named(&format!("pool_pay_fen/{}", pool.kind_of_care), "点数法清算");
        PoolShare { kind_of_care: pool.kind_of_care, year: year.clone(), pay }
    };
    if totals.points == 0 {
        totals.adjustment_returned = pool.adjustment;
        let shares = members.iter().map(|(code, one)| (code.clone(), share_of(one, by_rate(one))));
        return Ok((totals, shares.collect()));
    }
    let shared = share(&budget, &all, pool.covers)?;
    let value = shared.value.expect("there are points");
    totals.shared = value.inputs[0].amount();
    let with_pay = members.iter().zip(shared.pays);
    let of = |((code, one), pay): ((&InstitutionCode, &PooledYear), Fen)| {
        let by_points = || derive(&value, &one.pointed.member, pool.covers, pay);
        (code.clone(), share_of(one, if one.rated > Fen::ZERO { by_rate(one) } else { by_points() }))
    };
    let shares = with_pay.map(of).collect();
    Ok((totals, shares))
}

/// What points share: the budget less what rates paid.
fn left_to_points(budget: Node, members: &BTreeMap<InstitutionCode, PooledYear>) -> Node {
    let rated: Fen = members.values().map(|one| one.rated).sum();
    if rated == Fen::ZERO {
        return budget;
    }
    let inputs = vec![budget, Node::fen("rated_fen", "按费率应付", rated)];
    let left = Node::difference("budget_fen", "点数分配额", "fen", inputs);
    Node::max("budget_fen", "点数分配额", "fen", vec![left, Node::fen("none_fen", "零", Fen::ZERO)])
}

fn by_rate(year: &PooledYear) -> Node {
    Node::fen("rated_fen", "按费率应付", year.rated)
}

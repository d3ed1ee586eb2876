use std::collections::BTreeMap;

use medfund_money::{AllocationError, Fen, Node};
use medfund_policy::KindOfCare;
use medfund_tariff::case_points::Kind;
use medfund_tariff::share::{Covers, Member, derive, share};
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};

use super::added::Pointed;
use super::priced::{ClearedPrices, clear_prices};
use crate::domain::clearing::ClearingRules;

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
    /// What its priced cases gave, before refusals.
    pub priced: Fen,
    /// Those that a rate pays, by kind.
    pub n_rated_by_kind: BTreeMap<Kind, i64>,
}

impl PooledYear {
    /// Its cases by kind.
    fn n_by_kind(&self) -> BTreeMap<Kind, i64> {
        let mut all = self.pointed.n_by_kind.clone();
        for (kind, n) in &self.n_rated_by_kind {
            *all.entry(*kind).or_default() += n;
        }
        all
    }
}

/// An institution's share of a pool, before what is refused or deducted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolShare {
    /// The kind of care.
    pub kind_of_care: KindOfCare,
    /// Its year.
    pub year: PooledYear,
    /// Its points × the value of a point − what its patients paid, and what its priced cases come to.
    pub pay: Node,
    /// What its priced cases come to: with what it keeps of a surplus, less what it bears of an overspend.
    pub priced: Fen,
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
            n_by_kind: year.n_by_kind(),
            points: year.pointed.member.points.get(),
            personal: year.pointed.member.personal,
            pay: self.pay.amount(),
            priced: year.priced,
            shared_of_priced: self.priced - year.priced,
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
    /// What priced cases were given, before refusals.
    #[serde(default)]
    pub priced: Fen,
    /// What institutions keep of what priced cases left of the pool.
    #[serde(default)]
    pub surplus_kept: Fen,
    /// What the fund bears of what priced cases exceeded the pool by, out of what was kept to adjust it.
    #[serde(default)]
    pub overspend_fund: Fen,
    /// What institutions bear of it.
    #[serde(default)]
    pub overspend_borne: Fen,
    /// Given back of the pool: what was refused or deducted, and what is left where no points share it.
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
    /// Its points × the value of a point − what its patients paid, and what its priced cases come to.
    pub pay: Fen,
    /// What its priced cases were given, before refusals.
    #[serde(default)]
    pub priced: Fen,
    /// What it keeps of what priced cases left of the pool; negative: what it bears of what they exceeded it by.
    #[serde(default)]
    pub shared_of_priced: Fen,
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

/// Clears a pool: what is priced first, and the rest by the points of the year (点数法清算).
///
/// What priced cases were given is cleared against the pool ([`clear_prices`]). What that leaves, with what is left of what
/// was kept to adjust it, points share: the value of a point is (what is left + personal parts) ÷ all points, an exact
/// ratio, and what all institutions are paid is the pool with what was kept, to the fen. Without points it is given back.
///
/// # Errors
///
/// [`AllocationError`], if the pool is less than nothing.
///
/// Source: PZH 四(二)1, 2 and 3.
pub fn share_year(
    pool: &Pool,
    members: &BTreeMap<InstitutionCode, PooledYear>,
    rules: &ClearingRules,
) -> Result<(PoolTotals, BTreeMap<InstitutionCode, PoolShare>), AllocationError> {
    let all: Vec<Member> = members.values().map(|one| one.pointed.member).collect();
    let points: i64 = all.iter().map(|one| one.points.get()).sum();
    let priced = members.iter().filter(|(_, one)| one.priced > Fen::ZERO);
    let priced = priced.map(|(code, one)| (code.clone(), one.priced)).collect();
    let mut cleared = clear_prices((pool.amount, pool.adjustment), &priced, points > 0, rules)?;
    let mut totals = PoolTotals {
        kind_of_care: pool.kind_of_care,
        amount: pool.amount,
        adjustment: pool.adjustment,
        shared: Fen::ZERO,
        points,
        n_by_kind: BTreeMap::new(),
        priced: cleared.priced.amount(),
        surplus_kept: cleared.surplus_kept.amount(),
        overspend_fund: cleared.overspend_fund.amount(),
        overspend_borne: cleared.overspend_borne.amount(),
        returned: Fen::ZERO,
        adjustment_returned: Fen::ZERO,
    };
    for (kind, n) in members.values().flat_map(PooledYear::n_by_kind) {
        *totals.n_by_kind.entry(kind).or_default() += n;
    }
    let by_points: Vec<Option<Node>> = if points == 0 {
        totals.adjustment_returned = pool.adjustment - totals.overspend_fund;
        vec![None; all.len()]
    } else {
        let shared = share(&left_to_points(pool, &cleared), &all, pool.covers)?;
        let value = shared.value.expect("there are points");
        totals.shared = value.inputs[0].amount();
        let derived = all.iter().zip(shared.pays).map(|(one, pay)| derive(&value, one, pool.covers, pay));
        derived.map(Some).collect()
    };
    let share_of = |((code, year), by_points): ((&InstitutionCode, &PooledYear), Option<Node>)| {
        let priced = cleared.pays.remove(code);
        let share = PoolShare {
            kind_of_care: pool.kind_of_care,
            year: year.clone(),
            priced: priced.as_ref().map(Node::amount).unwrap_or_default(),
            pay: pay(pool, by_points, priced),
        };
        (code.clone(), share)
    };
    let shares = members.iter().zip(by_points).map(share_of).collect();
    Ok((totals, shares))
}

/// What an institution is paid by points and by price.
fn pay(pool: &Pool, by_points: Option<Node>, priced: Option<Node>) -> Node {
    let name = format!("pool_pay_fen/{}", pool.kind_of_care);
    match (by_points, priced) {
        (Some(by_points), None) => by_points.named(&name, "点数法清算"),
        (by_points, priced) => {
            let parts = by_points.into_iter().chain(priced).collect();
            Node::sum(&name, "区域总额清算", "fen", parts)
        }
    }
}

/// What points share: the pool, and what was kept to adjust it, less what priced cases come to.
fn left_to_points(pool: &Pool, cleared: &ClearedPrices) -> Node {
    let inputs = vec![
        Node::fen("pool_fen", "住院服务基金支出预算", pool.amount),
        Node::fen("adjustment_fen", "调剂金", pool.adjustment),
    ];
    let budget = Node::sum("budget_fen", "年度分配额", "fen", inputs);
    if cleared.pays.is_empty() {
        return budget;
    }
    let inputs = vec![cleared.priced.clone(), cleared.overspend_borne.clone()];
    let priced = Node::difference("priced_fen", "按价应付", "fen", inputs);
    Node::difference("budget_fen", "点数分配额", "fen", vec![budget, priced])
}

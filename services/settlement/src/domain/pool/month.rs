use std::collections::BTreeMap;

use medfund_money::{AllocationError, Exact, Fen, Node, Rate};
use medfund_policy::KindOfCare;
use medfund_tariff::case_points::Kind;
use medfund_tariff::share::{Member, derive, share};
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};

use super::added::Pointed;
use super::priced_month::PricedMonth;
use super::rules::PoolRules;
use crate::domain::methods::twelfths;
use crate::domain::refusal::{Refusal, refuse};

/// What a month pays of a pool, before its value is known: the budget's progress (预算进度) × the provisional rate.
///
/// The pool less what is paid ahead of it at the year's start and middle, × the rate, rounded once; of that, what m
/// twelfths grew by. Months and instalments together never exceed the pool.
///
/// - `pool`: what its months and clearing share, without what is kept to adjust it.
/// - `place`: the month's place in the fund year, 1 to 12.
///
/// Source: PZH 四(二)3 (按预算进度); the rate is the pack's.
#[must_use]
pub fn month_budget(pool: Fen, rules: &PoolRules, place: u32) -> Node {
    let year = || {
        let rates = rules.instalments.iter();
        let ahead = rates.map(|(id, rate)| Node::rate(id, "预拨比例", rate.value).clause(&rate.cite));
        let one = Node::rate("whole", "全部", Rate::ONE);
        let left =
            Node::difference("left_rate", "预拨后比例", "rate", std::iter::once(one).chain(ahead).collect());
        let zero = Node::given("none", "零", "rate", Exact::zero());
        let left = Node::max("months_rate", "月度预结比例", "rate", vec![left, zero]);
        let provisional = Node::rate("provisional_rate", "月度预结点值比例", rules.provisional_rate.value);
        let inputs = vec![
            Node::fen("pool_fen", "住院服务基金支出预算", pool),
            left,
            provisional.clause(&rules.provisional_rate.cite),
        ];
        Node::product("months_fen", "全年月度预结额", "fen", inputs).rounded_to_fen()
    };
    let parts = [("to_month_fen", "累计至本月", place), ("before_month_fen", "累计至上月", place - 1)];
    let parts = parts.map(|(name, term, months)| twelfths(name, term, year(), months));
    Node::difference("month_budget_fen", "本月预结额", "fen", parts.to_vec())
}

/// Shares a month's budget by the month's points: points × provisional value − the patients' own parts.
///
/// No month takes money back: who would be paid less than nothing is paid nothing, and the clearing settles it.
///
/// # Errors
///
/// [`AllocationError`], if the budget is less than nothing. A month without points pays nothing.
///
/// Source: PZH 四(二)1 and 2.
pub fn share_month(
    budget: &Node,
    members: &BTreeMap<InstitutionCode, Pointed>,
    rules: &PoolRules,
) -> Result<BTreeMap<InstitutionCode, Node>, AllocationError> {
    let all: Vec<Member> = members.values().map(|one| one.member).collect();
    let zero = || Node::fen("none_fen", "零", Fen::ZERO);
    let shared = match share(budget, &all, rules.covers) {
        Err(AllocationError::NoWeights { .. }) => None,
        shared => Some(shared?),
    };
    let Some((value, pays)) = shared.and_then(|shared| Some((shared.value?, shared.pays))) else {
        return Ok(members.keys().map(|code| (code.clone(), zero())).collect());
    };
    let pay = |((code, one), pay): ((&InstitutionCode, &Pointed), Fen)| {
        let tree = derive(&value, &one.member, rules.covers, pay);
        (code.clone(), Node::max("pool_method_fen", "点数法预结", "fen", vec![tree, zero()]))
    };
    Ok(members.iter().zip(pays).map(pay).collect())
}

/// An institution's month of a pool, as a statement keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolMonth {
    /// The kind of care.
    pub kind_of_care: KindOfCare,
    /// Its cases.
    pub n_cases: i64,
    /// Those that points or a rate pay, by kind.
    pub n_by_kind: BTreeMap<Kind, i64>,
    /// The fund's share charged.
    pub cost: Fen,
    /// What its patients paid.
    pub personal: Fen,
    /// Its points, in units of 0.0001.
    pub points: i64,
    /// Refused by inspections.
    pub refused: Fen,
    /// What the month pays.
    pub payable: Fen,
    /// What its priced cases gave before refusals: those that a rate or another method pays, and no points.
    #[serde(default)]
    pub priced: Fen,
    /// Of the cases by kind, those that a rate pays.
    #[serde(default)]
    pub n_rated_by_kind: BTreeMap<Kind, i64>,
}

impl PoolMonth {
    /// Its cases that points pay.
    #[must_use]
    pub fn n_pointed(&self) -> i64 {
        self.n_by_kind.values().sum::<i64>() - self.n_rated_by_kind.values().sum::<i64>()
    }
}

/// A month of a pool with the trees of what it pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PooledMonth {
    /// The kind of care.
    pub kind_of_care: KindOfCare,
    /// What points pay.
    pub by_points: Option<(Pointed, Node)>,
    /// What other methods pay out of the pool.
    pub priced: Option<PricedMonth>,
}

impl PooledMonth {
    /// What points give by the provisional value, and what other methods do.
    fn method(&self) -> Node {
        let by_points = self.by_points.iter().map(|(_, method)| method);
        let mut parts: Vec<Node> =
            by_points.chain(self.priced.iter().map(|priced| &priced.method)).cloned().collect();
        if parts.len() == 1 {
            return parts.remove(0);
        }
        Node::sum("method_fen", "点数法与其他付费方式应付", "fen", parts)
    }
}

/// Settles a month of a pool: what it gives less what is refused.
///
/// - `carried`: refusals that what came before could not bear.
/// - Returns the month, its payable, and what is carried on.
#[must_use]
pub fn settle_pool(month: &PooledMonth, refusals: &[Refusal], carried: Fen) -> (PoolMonth, Node, Fen) {
    let method = month.method();
    let refused = refuse(&method, refusals, carried);
    let inputs = vec![method, refused.taken.clone()];
    let payable =
        Node::difference(&format!("pool_fen/{}", month.kind_of_care), "区域总额应付", "fen", inputs);
    let pointed = month.by_points.as_ref().map(|(pointed, _)| pointed.clone()).unwrap_or_default();
    let mut kept = PoolMonth {
        kind_of_care: month.kind_of_care,
        n_cases: pointed.n_cases(),
        cost: pointed.fund,
        personal: pointed.member.personal,
        points: pointed.member.points.get(),
        n_by_kind: pointed.n_by_kind,
        refused: refused.taken.amount(),
        payable: payable.amount(),
        priced: Fen::ZERO,
        n_rated_by_kind: BTreeMap::new(),
    };
    if let Some(priced) = &month.priced {
        kept.n_cases += priced.n_cases;
        kept.cost += priced.fund;
        kept.personal += priced.personal;
        kept.priced = priced.method.amount();
        kept.n_rated_by_kind = priced.n_by_kind.clone();
        for (kind, n) in &priced.n_by_kind {
            *kept.n_by_kind.entry(*kind).or_default() += n;
        }
    }
    (kept, payable, refused.carried)
}

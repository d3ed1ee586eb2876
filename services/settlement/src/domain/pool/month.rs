use std::collections::BTreeMap;

use medfund_money::{AllocationError, Exact, Fen, Node, Rate};
use medfund_policy::KindOfCare;
use medfund_tariff::case_points::Kind;
use medfund_tariff::share::{Member, derive, share};
use medfund_types::InstitutionCode;
use serde::{Deserialize, Serialize};

use super::cases::Pointed;
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
    /// Its cases by kind.
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
    /// Whether a rate pays it, and no points.
    #[serde(default)]
    pub by_rate: bool,
}

/// A month of a pool with the tree of what it pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PooledMonth {
    /// The kind of care.
    pub kind_of_care: KindOfCare,
    /// The cases.
    pub pointed: Pointed,
    /// What they give by the provisional value, or by a rate.
    pub method: Node,
    /// Whether it is by a rate.
    pub by_rate: bool,
}

/// Settles a month of a pool: what it gives less what is refused.
///
/// - `carried`: refusals that what came before could not bear.
/// - Returns the month, its payable, and what is carried on.
#[must_use]
pub fn settle_pool(month: &PooledMonth, refusals: &[Refusal], carried: Fen) -> (PoolMonth, Node, Fen) {
    let refused = refuse(&month.method, refusals, carried);
    let inputs = vec![month.method.clone(), refused.taken.clone()];
    let payable = Node::difference(&format!("pool_fen/{}", month.kind_of_care), "点数法应付", "fen", inputs);
    let kept = PoolMonth {
        kind_of_care: month.kind_of_care,
        n_cases: month.pointed.n_cases(),
        n_by_kind: month.pointed.n_by_kind.clone(),
        cost: month.pointed.fund,
        personal: month.pointed.member.personal,
        points: month.pointed.member.points.get(),
        refused: refused.taken.amount(),
        payable: payable.amount(),
        by_rate: month.by_rate,
    };
    (kept, payable, refused.carried)
}

use medfund_money::{AllocationError, Fen, Node, Part, Tiers, allocate_within};
use medfund_types::InstitutionCode;

use super::institution::{InstitutionYear, Measured, measure};
use crate::domain::cited::Cited;
use crate::domain::pool::{PoolOutcome, PoolShare};
use crate::domain::refusal::refusals_due;

/// What a pack says about the clearing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearingRules {
    /// What is kept of a surplus.
    pub surplus_tiers: Cited<Tiers>,
    /// What the fund bears of an overspend.
    pub overspend_tiers: Cited<Tiers>,
    /// The words of the reserve, which the fund's part never exceeds.
    pub reserve_cite: String,
}

/// One institution's result, each amount with its tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearedInstitution {
    /// Its national code.
    pub code: InstitutionCode,
    /// The year as it was measured.
    pub measured: Measured,
    /// The fund's share of all bills.
    pub cost: Fen,
    /// What the fund bears of the overspend.
    pub overspend_fund: Node,
    /// What the institution bears of it.
    pub overspend_borne: Node,
    /// The rates of what is deducted, added up.
    pub deduction_rate: Node,
    /// What was refused and no month has taken.
    pub refusals_left: Node,
    /// What is deducted: by the rates, and the refusals that are left.
    pub deductions: Node,
    /// What the institution receives for the year in all.
    pub final_amount: Node,
    /// What remains to be paid, negative for a recovery.
    pub payment: Node,
    /// The payment less what is left of what was paid ahead and of forfeited deposits: what the bank is told.
    pub order: Node,
    /// Of `final_amount`, its shares of pools, by kind of care.
    pub pools: Vec<PoolOutcome>,
}

impl ClearedInstitution {
    /// Of the final amount, what the quota and the reserve pay.
    #[must_use]
    pub fn of_quota(&self) -> Fen {
        self.final_amount.amount() - self.pools.iter().map(|pool| pool.final_amount).sum()
    }
}

/// The clearing of one fund line in one district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearingPlan {
    /// The institutions, in the order given.
    pub institutions: Vec<ClearedInstitution>,
    /// The reserve that bears overspend.
    pub reserve_used: Fen,
    /// The reserve given back.
    pub reserve_returned: Fen,
    /// The part of the quotas given back.
    pub quota_returned: Fen,
}

/// Clears a year (年度清算).
///
/// Institutions that overspent share the reserve by largest remainder when what
/// they want exceeds it: the fund bears no overspend that no reserve pays for.
/// Give the institutions in the order of their codes.
///
/// - `reserve`: what the reserve has left for overspend.
///
/// # Errors
///
/// [`AllocationError::NegativeTotal`] if `reserve` is negative.
///
/// Source: JM 四(二)1, 四(三)3 and 4, 四(四), 四(五), 四(六).
pub fn plan(
    years: &[InstitutionYear],
    rules: &ClearingRules,
    reserve: Fen,
) -> Result<ClearingPlan, AllocationError> {
    let measured: Vec<Measured> =
        years.iter().map(|year| measure(year, &rules.surplus_tiers, &rules.overspend_tiers)).collect();
    let borne_by_fund = share_reserve(&measured, &rules.reserve_cite, reserve)?;
    let institutions: Vec<ClearedInstitution> = years
        .iter()
        .zip(measured)
        .zip(borne_by_fund)
        .map(|((year, measured), overspend_fund)| clear(year, measured, overspend_fund))
        .collect();
    let reserve_used: Fen = institutions.iter().map(|one| one.overspend_fund.amount()).sum();
    let quota_returned = institutions
        .iter()
        .map(|one| one.measured.standard.amount() + one.overspend_fund.amount() - one.of_quota())
        .sum();
    Ok(ClearingPlan { institutions, reserve_used, reserve_returned: reserve - reserve_used, quota_returned })
}

/// What the fund bears for each institution, within the reserve.
fn share_reserve(
    measured: &[Measured],
    reserve_cite: &str,
    reserve: Fen,
) -> Result<Vec<Node>, AllocationError> {
    let (name, term) = ("overspend_fund_fen", "基金分担超支");
    let wanted: Fen = measured.iter().map(|one| one.wanted.amount()).sum();
    if wanted <= reserve {
        return Ok(measured.iter().map(|one| one.wanted.clone().named(name, term)).collect());
    }
    let part = |one: &Measured| {
        let amount = one.wanted.amount();
        Part { weight: amount.into(), group: 0, cap: Some(amount) }
    };
    let parts: Vec<Part> = measured.iter().map(part).collect();
    let shares = allocate_within(reserve, &parts, &[])?.shares;
    let share = |(one, share): (&Measured, Fen)| {
        let total = Node::fen("reserve_fen", "可用预留指标", reserve).clause(reserve_cite);
        let all = Node::fen("all_wanted_fen", "全部超支应分担", wanted);
        Node::share(name, term, total, one.wanted.clone(), all, share)
    };
    Ok(measured.iter().zip(shares).map(share).collect())
}

fn clear(year: &InstitutionYear, measured: Measured, overspend_fund: Node) -> ClearedInstitution {
    let overspend_borne = Node::difference(
        "overspend_borne_fen",
        "机构分担超支",
        "fen",
        vec![measured.overspend.clone(), overspend_fund.clone()],
    );
    let kept = Node::sum(
        "payable_and_kept_fen",
        "应付加留用",
        "fen",
        vec![measured.payable.clone(), measured.surplus_kept.clone()],
    );
    let before =
        Node::difference("before_deductions_fen", "扣减前金额", "fen", vec![kept, overspend_borne.clone()]);
    let rates = year
        .deductions
        .iter()
        .map(|(name, rate)| Node::rate(name, "指标扣减比例", rate.value).clause(&rate.cite))
        .collect();
    let deduction_rate = Node::sum("deduction_rate", "扣减比例", "rate", rates);
    let by_rate = Node::product(
        "deductions_by_rate_fen",
        "按比例扣减",
        "fen",
        vec![measured.payable.clone(), deduction_rate.clone()],
    )
    .rounded_to_fen();
    let refusals_left = refusals_due("refusals_left_fen", "未扣拒付", &year.refusals, year.refusal_carried);
    let all = Node::sum("all_deductions_fen", "应扣减", "fen", vec![by_rate, refusals_left.clone()]);
    let with_pools = with_pools(year, before.clone());
    let deductions = deductions(all, with_pools.clone());
    let pools = pool_outcomes(year, deductions.amount() - before.amount());
    let final_amount = Node::difference("final_fen", "清算总额", "fen", vec![with_pools, deductions.clone()]);
    let payment = payment(year, &final_amount);
    let order = Node::difference(
        "order_fen",
        "清算拨付",
        "fen",
        vec![
            payment.clone(),
            Node::fen("advance_left_fen", "未抵算预支", year.advance_left),
            Node::fen("monthly_left_fen", "未抵扣按月预付", year.monthly_left),
            Node::fen("deposit_forfeited_fen", "扣除保证金", year.deposit_due),
        ],
    );
    ClearedInstitution {
        code: year.code.clone(),
        measured,
        cost: year.cost,
        overspend_fund,
        overspend_borne,
        deduction_rate,
        refusals_left,
        deductions,
        final_amount,
        payment,
        order,
        pools,
    }
}

/// What an institution receives before anything is deducted, its shares of pools among it.
fn with_pools(year: &InstitutionYear, before: Node) -> Node {
    if year.pools.is_empty() {
        return before;
    }
    let shares = year.pools.iter().map(PoolShare::after_refusals);
    let parts = std::iter::once(before).chain(shares).collect();
    Node::sum("with_pools_fen", "扣减前总额", "fen", parts)
}

/// What is deducted: never more than there is.
fn deductions(due: Node, before: Node) -> Node {
    let is_recovered = before.amount().is_negative();
    let least = Node::min("deductions_fen", "考核扣减", "fen", vec![due, before]);
    if is_recovered {
        let zero = Node::fen("none_fen", "零", Fen::ZERO);
        Node::max("deductions_fen", "考核扣减", "fen", vec![least, zero])
    } else {
        least
    }
}

/// The shares of pools, less what is deducted and the quota cannot bear.
fn pool_outcomes(year: &InstitutionYear, beyond_quota: Fen) -> Vec<PoolOutcome> {
    let mut left = beyond_quota.or_zero();
    let outcome = |share: &PoolShare| {
        let deducted = left.min(share.after_refusals().amount().or_zero());
        left -= deducted;
        share.outcome(deducted)
    };
    year.pools.iter().map(outcome).collect()
}

/// What remains to be paid of the final amount.
fn payment(year: &InstitutionYear, final_amount: &Node) -> Node {
    let mut parts = vec![
        final_amount.clone(),
        Node::fen("working_capital_fen", "周转金", year.working_capital),
        Node::fen("clean_record_fen", "加拨周转金", year.clean_record),
        Node::fen("paid_fen", "月度已拨", year.paid),
    ];
    if !year.pools.is_empty() || year.instalments > Fen::ZERO {
        let paid: Fen = year.pools.iter().map(|share| share.year.paid).sum();
        parts.push(Node::fen("pool_paid_fen", "点数法月度已拨", paid));
        parts.push(Node::fen("instalments_fen", "按预算进度预拨", year.instalments));
    }
    Node::difference("payment_fen", "清算应拨", "fen", parts)
}

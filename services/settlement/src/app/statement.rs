//! One institution's month of a fund line: its statement and its postings.

use std::collections::BTreeMap;

use medfund_db::Tx;
use medfund_money::{Derivation, Fen, Node};
use medfund_policy::{KindOfCare, PaymentMethod, Rules};

use super::Error;
use super::deposits;
use super::month_facts::{Facts, Volumes};
use super::post::Posts;
use super::prepaid;
use crate::domain::accounts::{self, Pot};
use crate::domain::methods::{Prepaid, Volume, pay, pay_beside};
use crate::domain::pool::{PoolMonth, settle_pool};
use crate::domain::rules::{deferral, methods, place_of, quota_care};
use crate::domain::{
    Party, PrepaymentKind, SettledMonth, SettlementError, StatementMethod, StatementState, month_order,
    settle, terms_of,
};
use crate::store::columns::{PoolMonths, Trees};
use crate::store::statements::{REFERRAL, StatementRow};

/// Settles one institution's month of a fund line, and posts it.
pub(super) fn state(
    tx: &Tx<'_>,
    facts: &Facts,
    party: &Party,
    posts: &mut Posts,
) -> Result<StatementRow, Error> {
    let rules = facts.year.rules(&party.fund_line)?;
    let quota = facts.quotas.get(party);
    let standard = quota.map(|row| row.adjusted_quota_fen).unwrap_or_default();
    let institution = facts.institutions.get(&party.institution);
    let district = quota.map(|row| &row.district).or_else(|| institution.map(|row| &row.district));
    let district = district.ok_or_else(|| SettlementError::AgreementUnknown {
        institution: party.institution.clone(),
        fund_line: party.fund_line.clone(),
    })?;
    let none = Volumes::default();
    let volumes = facts.volumes.get(party).unwrap_or(&none);
    let place = place_of(&facts.year.pack, facts.month);

    let class = institution.map_or("", |row| row.institution_class.as_str());
    let month = method_of(facts, party, volumes, (place, class))?;
    let refusals = facts.refusals.get(party).map_or(&[][..], Vec::as_slice);
    let so_far = facts.so_far.get(party).copied().unwrap_or_default();
    let deferral = deferral(rules, standard).map_err(SettlementError::not_settled)?;
    let settled = settle(month.node.clone(), refusals, so_far, deferral, place);

    let deposit_due = deposits::left(&facts.deposits, party);
    let keep_back = advance_to_keep_back(rules, facts, party) + month_to_set_off(rules, facts, party);
    let pools = pool_of(facts, party, settled.refused.carried);
    let outside = outside_of(volumes, &month.beside);
    let payable = pools.payable.amount();
    let order = month_order(settled.paid, payable, outside.amount(), deposit_due, keep_back);

    let sum = |count: fn(&Volume) -> i64| volumes.by_kind.values().map(count).sum();
    let row = StatementRow {
        area: tx.area().clone(),
        statement_id: format!("{}-{}-{}", facts.month, party.fund_line, party.institution),
        fund_year: facts.year.fund_year,
        fund_line: party.fund_line.clone(),
        district: district.clone(),
        institution_code: party.institution.clone(),
        settlement_month: facts.month,
        method: month.method,
        n_admissions: sum(|one| one.n_admissions),
        n_persons: sum(|one| one.n_persons),
        n_visits: volumes.n_visits,
        days: sum(|one| one.days),
        cost_fen: volumes.by_kind.values().map(|one| one.cost).sum(),
        method_fen: settled.method.amount(),
        prepaid_total_fen: month.prepaid.total,
        prepaid_cost_fen: month.prepaid.cost,
        refused_fen: settled.refused.taken.amount(),
        refusal_carried_fen: pools.refusal_carried,
        payable_fen: settled.payable.amount(),
        paid_fen: settled.paid,
        deferred_fen: settled.deferred.amount(),
        outside_quota_fen: outside.amount(),
        deposit_forfeited_fen: order.deposit_taken,
        kept_back_fen: order.kept_back,
        order_fen: order.amount.amount(),
        state: StatementState::Issued,
        dispute_reason: String::new(),
        dispute_answer: String::new(),
        payment_order: None,
        derivations: derivations(facts, (&month, &outside), &settled, &pools, &order.amount),
        version: 1,
        pools: PoolMonths { payable: pools.payable.amount(), months: pools.months },
    };
    post(tx, facts, &row, (standard, so_far.payable), posts);
    Ok(row)
}

/// What of an advance no working capital will absorb: known once both were paid, or when none is granted.
fn advance_to_keep_back(rules: &Rules, facts: &Facts, party: &Party) -> Fen {
    let own = || facts.prepayments.iter().filter(|one| one.party() == *party);
    let is_paid = own().any(|one| one.row.kind == PrepaymentKind::WorkingCapital);
    let is_granted = rules.prepayment.working_capital.is_some() && facts.quotas.contains_key(party);
    if is_granted && !is_paid {
        return Fen::ZERO;
    }
    prepaid::paid(own()).get(party).map(|paid| paid.advance_left).unwrap_or_default()
}

/// What was paid ahead for the months up to this one, where the pack sets it off by month.
///
/// Source: LC 三(二).
fn month_to_set_off(rules: &Rules, facts: &Facts, party: &Party) -> Fen {
    if !*rules.month.prepayment_set_off {
        return Fen::ZERO;
    }
    let up_to = i32::try_from(place_of(&facts.year.pack, facts.month)).expect("one of twelve");
    let own = facts.prepayments.iter().filter(|one| {
        one.party() == *party && one.row.kind == PrepaymentKind::Monthly && one.row.from_place <= up_to
    });
    prepaid::paid(own).get(party).map(|paid| paid.monthly_left).unwrap_or_default()
}

/// What the agreement's methods give for the month.
struct MethodMonth {
    method: StatementMethod,
    node: Node,
    prepaid: Prepaid,
    assessed: Vec<Node>,
    /// Of it, what the team bears of referrals.
    referral: Option<Node>,
    /// What the methods give for care beside the quota, by kind of care.
    beside: Vec<Node>,
}

/// What pools pay for the month.
struct Pools {
    months: Vec<PoolMonth>,
    payable: Node,
    refusal_carried: Fen,
}

/// What each pool pays, less refusals that the quota's care could not bear.
fn pool_of(facts: &Facts, party: &Party, mut carried: Fen) -> Pools {
    let (mut months, mut payables) = (Vec::new(), Vec::new());
    for month in facts.pooled.get(party).into_iter().flatten() {
        let (kept, payable, left) = settle_pool(month, &[], carried);
        carried = left;
        months.push(kept);
        payables.push(payable);
    }
    let payable = Node::sum("pool_fen", "区域总额应付", "fen", payables);
    Pools { months, payable, refusal_carried: carried }
}

/// Pays each kind of care that meets the quota by its own methods.
fn method_of(
    facts: &Facts,
    party: &Party,
    volumes: &Volumes,
    (place, class): (u32, &str),
) -> Result<MethodMonth, Error> {
    let rules = facts.year.rules(&party.fund_line)?;
    let method_rules = methods(rules, class).map_err(SettlementError::not_settled)?;
    let agreed = facts.terms.get(&party.institution).map_or(&[][..], Vec::as_slice);
    let none = Volume::default();
    let (mut used, mut parts) = (Vec::new(), Vec::new());
    let (mut prepaid, mut assessed, mut referral) = (Prepaid::default(), Vec::new(), None);
    for kind in quota_care(rules) {
        let terms = terms_of(agreed, &party.fund_line, kind);
        if terms.is_empty() {
            continue;
        }
        let volume = volumes.by_kind.get(&kind).unwrap_or(&none);
        let paid = pay(&terms, volume, place, &method_rules).map_err(SettlementError::not_settled)?;
        used.extend(terms.iter().map(|term| term.method()));
        prepaid.total += paid.prepaid.total;
        prepaid.cost += paid.prepaid.cost;
        assessed.extend(paid.assessed);
        referral = referral.or(paid.referral);
        parts.push((kind, paid.node));
    }
    let mut beside = Vec::new();
    for (kind, volume) in &volumes.beside {
        let paid = pay_beside(&terms_of(agreed, &party.fund_line, *kind), volume, place, &method_rules)
            .map_err(SettlementError::not_settled)?;
        beside.push(paid.node.named(&format!("beside_fen/{kind}"), &format!("{}应付", kind.term())));
        assessed.extend(paid.assessed);
    }
    let priced = facts.pooled.get(party).into_iter().flatten().filter_map(|month| month.priced.as_ref());
    assessed.extend(priced.flat_map(|priced| priced.assessed.clone()));
    let method = match used.as_slice() {
        [] => StatementMethod::One(PaymentMethod::FeeForService),
        [one] => StatementMethod::One(*one),
        _ => StatementMethod::Several,
    };
    let node = if parts.len() == 1 {
        parts.remove(0).1
    } else {
        let named = |(kind, node): (KindOfCare, Node)| {
            node.named(&format!("method_fen/{kind}"), &format!("{}应付", kind.term()))
        };
        Node::sum("method_fen", "各类医疗应付", "fen", parts.into_iter().map(named).collect())
    };
    Ok(MethodMonth { method, node, prepaid, assessed, referral, beside })
}

/// What is paid beside quota and points.
fn outside_of(volumes: &Volumes, beside: &[Node]) -> Node {
    let mut parts = vec![Node::fen("as_charged_fen", "据实支付", volumes.outside)];
    parts.extend(beside.iter().cloned());
    Node::sum("outside_quota_fen", "总额外应付", "fen", parts)
}

fn derivations(
    facts: &Facts,
    (month, outside): (&MethodMonth, &Node),
    settled: &SettledMonth,
    pools: &Pools,
    order: &Node,
) -> Trees {
    let pack = &facts.year.pack;
    let (id, hash) = (pack.id(), pack.hash().to_string());
    let under = |name: &str, node: &Node, calculator: &str| -> (String, Derivation) {
        (name.to_owned(), node.clone().under(id, &hash, calculator))
    };
    let mut trees = BTreeMap::from([
        under("methodFen", &settled.method, &month.method.calculator()),
        under("refusedFen", &settled.refused.taken, "refusal/1"),
        under("payableFen", &settled.payable, "month/1"),
        under("deferredFen", &settled.deferred, "month/1"),
        under("orderFen", order, "month_order/1"),
    ]);
    if !month.beside.is_empty() {
        trees.extend([under("outsideQuotaFen", outside, "methods/1")]);
    }
    if let Some(referral) = &month.referral {
        trees.extend([under(REFERRAL, referral, "per_capita/1")]);
    }
    if !pools.months.is_empty() {
        trees.extend([under("poolFen", &pools.payable, "pool/2")]);
    }
    for mean in &month.assessed {
        let name = if mean.unit == "fen" { "dailyCostFen" } else { "averageStay" };
        trees.extend([under(name, mean, "bed_day/1")]);
    }
    Trees(trees)
}

/// Posts a statement: the quota as far as it reaches, the rest to suspense; what is owed and what is taken of it.
fn post(
    tx: &Tx<'_>,
    facts: &Facts,
    row: &StatementRow,
    (standard, payable_before): (Fen, Fen),
    posts: &mut Posts,
) {
    let pot = Pot::new(row.fund_year, &row.fund_line, &row.district);
    let institution = &row.institution_code;
    let reference = format!("areas/{}/statements/{}", row.area, row.statement_id);
    let owed = || accounts::payable(&row.fund_line, institution);
    let from_quota = row.payable_fen.min((standard - payable_before).or_zero());
    let over = row.payable_fen - from_quota;
    posts.add(tx, (pot.quota(institution), owed()), from_quota, "month_payable", &reference);
    posts.add(tx, (pot.overspend(institution), owed()), over, "month_overspend", &reference);
    posts.add(tx, (owed(), pot.deferred(institution)), row.deferred_fen, "month_deferred", &reference);
    posts.add(tx, (pot.outside_quota(), owed()), row.outside_quota_fen, "month_outside_quota", &reference);
    for pool in &row.pools.months {
        posts.add(tx, (pot.pool(pool.kind_of_care), owed()), pool.payable, "month_pool", &reference);
    }
    let party = Party::new(&row.fund_line, institution);
    for (due, taken) in deposits::parts(&facts.deposits, &party, row.deposit_forfeited_fen) {
        let reviewed = Pot::new(due.fund_year, &row.fund_line, &due.district);
        posts.add(tx, (owed(), reviewed.deposit(institution)), taken, "deposit_forfeited", &reference);
    }
    let mut set_off: BTreeMap<_, Fen> = BTreeMap::new();
    for (paid, part) in kept_back(facts, row) {
        let granted = Pot::new(row.fund_year, &row.fund_line, &paid.row.district);
        let code =
            if paid.row.kind == PrepaymentKind::Advance { "advance_kept_back" } else { "month_set_off" };
        // Two months paid ahead stand in one account: what is kept back of both is one transfer.
        *set_off.entry((granted.prepaid(paid.row.kind, institution), code)).or_default() += part;
    }
    for ((account, code), part) in set_off {
        posts.add(tx, (owed(), account), part, code, &reference);
    }
}

/// What a statement's order keeps back of each prepayment.
pub(super) fn kept_back<'a>(facts: &'a Facts, row: &StatementRow) -> Vec<(&'a prepaid::Prepaid, Fen)> {
    let party = Party::new(&row.fund_line, &row.institution_code);
    let up_to = i32::try_from(place_of(&facts.year.pack, facts.month)).expect("one of twelve");
    prepaid::kept_back(&facts.prepayments, &party, up_to, row.kept_back_fen)
}

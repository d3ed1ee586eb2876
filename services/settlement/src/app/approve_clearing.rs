use chrono::NaiveDate;
use medfund_db::{Call, Tx};
use medfund_ledger::Handed;
use medfund_money::Fen;
use medfund_proto::settlement::v1::{ClearedInstitution, ClearingApproved, PoolShare};
use medfund_server::convert::kind_of_care_to_pb;
use medfund_types::InstitutionCode;

use super::answer_statement::check_version;
use super::clearing_plan::{Computed, compute};
use super::decide_clearing::clearing_name;
use super::deposits;
use super::orders::NewOrder;
use super::post::Posts;
use super::prepaid;
use super::propose_clearing::holds;
use super::{ClearingView, Error, Settlement};
use crate::domain::accounts::{self, Pot};
use crate::domain::clearing::{ClearingState, Outcome, Totals};
use crate::domain::pool::PoolOutcome;
use crate::domain::{OrderKind, Party, PrepaymentKind, SettlementError};
use crate::store;
use crate::store::clearings::ClearingRow;

/// Approves a decided clearing for the city.
pub(crate) struct ApproveClearing {
    pub(crate) call: Call,
    pub(crate) pot: Pot,
    pub(crate) expected_version: i64,
}

impl Settlement {
    /// Posts a clearing, orders what remains to be paid and announces it.
    pub(crate) async fn approve_clearing(&self, command: ApproveClearing) -> Result<ClearingView, Error> {
        let this = self.clone();
        self.writer.run(command.call.clone(), move |tx| Box::pin(approve(this, tx, command))).await
    }
}

async fn approve(this: Settlement, tx: &mut Tx<'_>, command: ApproveClearing) -> Result<ClearingView, Error> {
    let ApproveClearing { pot, expected_version, .. } = command;
    let (area, approver) = (tx.area().clone(), tx.caller().subject.clone());
    let mut row =
        store::clearings::lock(tx.conn(), &area, &pot).await?.ok_or(SettlementError::ClearingNotFound)?;
    check_version(row.version, expected_version)?;
    if row.state != ClearingState::Decided {
        return Err(SettlementError::ClearingState(row.state).into());
    }
    let name = clearing_name(&area, &pot);
    if row.proposer == approver {
        return Err(SettlementError::MakerIsChecker(name).into());
    }
    let mut now = compute(&this, tx, &pot, (0, 0)).await?;
    if !holds(tx, &row, &pot, &now).await? {
        return Err(SettlementError::ClearingOutdated.into());
    }
    let outcomes = now.outcomes();
    let mut posts = Posts::default();
    prepaid::call_off(tx, &mut now.prepayments, &mut posts).await?;
    for (institution, outcome) in &outcomes {
        clear(tx, &pot, institution, outcome, &name, &mut posts);
        take_deposits(tx, &pot, institution, &now, &name, &mut posts).await?;
        order(tx, &pot, institution, outcome, now.due(&pot)?, &name).await?;
    }
    release_adjustments(tx, &pot, &row.plan, &name, &mut posts);
    hand_back(tx, &pot, &row.plan, &outcomes, &mut posts);
    posts.post(tx).await?;
    row.state = ClearingState::Approved;
    row.approver = Some(approver);
    row.version += 1;
    store::clearings::save(tx.conn(), &row).await?;
    tx.emit(&event(&row, &outcomes)).await?;
    let institutions = store::cleared_institutions::list(tx.conn(), &area, &pot).await?;
    Ok(ClearingView { clearing: row, institutions })
}

/// Posts one institution's year: its payable account then holds what remains to be paid.
fn clear(
    tx: &Tx<'_>,
    pot: &Pot,
    institution: &InstitutionCode,
    outcome: &Outcome,
    name: &str,
    posts: &mut Posts,
) {
    let owed = || accounts::payable(&pot.fund_line, institution);
    let quota = || pot.quota(institution);
    let suspense = || pot.overspend(institution);
    let of_quota = outcome.final_amount - outcome.of_pools();
    let returned = outcome.standard + outcome.overspend_fund - of_quota;
    let ahead = |kind| (owed(), pot.prepaid(kind, institution));
    // Suspense holds what the months exceeded the quota by; the difference takes it to the year's overspend.
    let months = outcome.payable - outcome.prepaid_difference;
    let more_overspend = outcome.overspend - (months - outcome.standard).or_zero();
    let moves = [
        ("clearing_prepaid", (quota(), owed()), outcome.prepaid_difference - more_overspend),
        ("clearing_prepaid_overspend", (suspense(), owed()), more_overspend),
        ("clearing_deferred", (pot.deferred(institution), owed()), outcome.deferred),
        ("clearing_surplus_kept", (quota(), owed()), outcome.surplus_kept),
        ("clearing_overspend_fund", (pot.reserve(), suspense()), outcome.overspend_fund),
        ("clearing_overspend_borne", (owed(), suspense()), outcome.overspend_borne),
        ("clearing_deductions", (owed(), quota()), outcome.deducted_of_quota()),
        ("clearing_quota_returned", (quota(), pot.target()), returned),
        ("clearing_working_capital", ahead(PrepaymentKind::WorkingCapital), outcome.working_capital),
        ("clearing_clean_record", ahead(PrepaymentKind::CleanRecord), outcome.clean_record),
        ("clearing_advance", ahead(PrepaymentKind::Advance), outcome.advance_left),
        ("clearing_month_ahead", ahead(PrepaymentKind::Monthly), outcome.monthly_left),
        ("clearing_instalments", ahead(PrepaymentKind::Instalment), outcome.instalments),
    ];
    for (code, accounts, amount) in moves {
        posts.add(tx, accounts, amount, code, name);
    }
    for pool in &outcome.pools {
        let left = pool.final_amount - pool.paid;
        posts.add(tx, (pot.pool(pool.kind_of_care), owed()), left, "clearing_pool", name);
    }
}

/// Adds to each pool what was kept to adjust it, as far as it is not given back.
fn release_adjustments(tx: &Tx<'_>, pot: &Pot, totals: &Totals, name: &str, posts: &mut Posts) {
    for pool in &totals.pools {
        let kind = pool.kind_of_care;
        let used = pool.adjustment - pool.adjustment_returned;
        posts.add(tx, (pot.pool_adjustment(kind), pot.pool(kind)), used, "clearing_pool_adjustment", name);
    }
}

/// Takes what is left of forfeited deposits out of what is owed, the oldest fund year first.
async fn take_deposits(
    tx: &mut Tx<'_>,
    pot: &Pot,
    institution: &InstitutionCode,
    now: &Computed,
    name: &str,
    posts: &mut Posts,
) -> Result<(), Error> {
    let area = tx.area().clone();
    let party = Party::new(&pot.fund_line, institution);
    let left = deposits::left(&now.deposits, &party);
    for (due, part) in deposits::parts(&now.deposits, &party, left) {
        let reviewed = Pot::new(due.fund_year, &pot.fund_line, &due.district);
        let accounts = (accounts::payable(&pot.fund_line, institution), reviewed.deposit(institution));
        posts.add(tx, accounts, part, "deposit_forfeited", name);
        store::deposits::save(tx.conn(), &due.row(&area, part)).await?;
    }
    Ok(())
}

/// Hands back what was not used and books what the year cost: the transit account is then empty.
fn hand_back(
    tx: &Tx<'_>,
    pot: &Pot,
    totals: &Totals,
    outcomes: &[(InstitutionCode, Outcome)],
    posts: &mut Posts,
) {
    let pools = &totals.pools;
    let pools_back = pools.iter().flat_map(|pool| {
        let kind = pool.kind_of_care;
        [
            (Handed::PoolReturned, pot.pool(kind), pool.returned),
            (Handed::PoolAdjustmentReturned, pot.pool_adjustment(kind), pool.adjustment_returned),
        ]
    });
    let settled: Fen = outcomes.iter().map(|(_, outcome)| outcome.final_amount).sum();
    let back = [
        (Handed::QuotaReturned, pot.target(), totals.quota_returned),
        (Handed::ReserveReturned, pot.reserve(), totals.reserve_returned),
        (Handed::Settled, pot.clearing(), settled),
    ];
    for (handed, account, amount) in back.into_iter().chain(pools_back) {
        let code = handed.to_string();
        posts.add(tx, (account, pot.transit()), amount, &code, &pot.reference(handed));
    }
}

async fn order(
    tx: &mut Tx<'_>,
    pot: &Pot,
    institution: &InstitutionCode,
    outcome: &Outcome,
    due: NaiveDate,
    name: &str,
) -> Result<(), Error> {
    let amount = outcome.order();
    if amount == Fen::ZERO {
        return Ok(());
    }
    let (area, maker) = (tx.area().clone(), tx.caller().subject.clone());
    let new = NewOrder {
        id: format!("{}-clearing-{}-{institution}", pot.fund_year, pot.fund_line),
        kind: OrderKind::Clearing,
        subject: name.to_owned(),
        pot,
        institution,
        amount,
        pooled: outcome.pooled_order(),
        due: Some(due),
    };
    Ok(store::payment_orders::insert(tx.conn(), &new.made_by(&area, &maker)).await?)
}

fn event(row: &ClearingRow, outcomes: &[(InstitutionCode, Outcome)]) -> ClearingApproved {
    let share = |pool: &PoolOutcome| PoolShare {
        kind_of_care: kind_of_care_to_pb(pool.kind_of_care).into(),
        final_fen: pool.final_amount.get(),
    };
    let cleared = |(code, outcome): &(InstitutionCode, Outcome)| ClearedInstitution {
        institution_code: code.to_string(),
        payable_fen: outcome.payable.get(),
        cost_fen: outcome.cost.get(),
        final_fen: outcome.final_amount.get(),
        pools: outcome.pools.iter().map(share).collect(),
    };
    let adjustment_returned: Fen = row.plan.pools.iter().map(|pool| pool.adjustment_returned).sum();
    ClearingApproved {
        fund_year: row.fund_year.get(),
        fund_line: row.fund_line.to_string(),
        district: row.district.to_string(),
        decision: row.decision.clone().unwrap_or_default(),
        institutions: outcomes.iter().map(cleared).collect(),
        reserve_used_fen: row.plan.reserve_used.get(),
        reserve_returned_fen: row.plan.reserve_returned.get(),
        quota_returned_fen: row.plan.quota_returned.get(),
        pool_returned_fen: row.plan.pools.iter().map(|pool| pool.returned).sum::<Fen>().get(),
        pool_adjustment_returned_fen: adjustment_returned.get(),
    }
}

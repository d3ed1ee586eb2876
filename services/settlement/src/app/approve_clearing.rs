use medfund_db::{Call, Tx};
use medfund_ledger::Handed;
use medfund_money::Fen;
use medfund_proto::settlement::v1::{ClearedInstitution, ClearingApproved};

use super::answer_statement::check_version;
use super::decide_clearing::clearing_name;
use super::pay_ahead::new_order;
use super::post::Posts;
use super::propose_clearing::{Outcome, Totals};
use super::start_month::manifest;
use super::{ClearingView, Error, Settlement, held};
use crate::domain::SettlementError;
use crate::domain::accounts::{self, Pot};
use crate::store;
use crate::store::clearings::ClearingRow;
use crate::store::payment_orders::PaymentOrderRow;

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
    let key = (pot.fund_year.get(), pot.fund_line.as_str(), pot.district.as_str());
    let mut row =
        store::clearings::lock(tx.conn(), &area, key).await?.ok_or(SettlementError::ClearingNotFound)?;
    check_version(row.version, Some(expected_version))?;
    if row.state != "decided" {
        return Err(SettlementError::ClearingState(row.state).into());
    }
    if row.proposer == approver {
        return Err(SettlementError::MakerIsChecker(clearing_name(area.as_str(), &pot)).into());
    }
    let totals: Totals = held(serde_json::from_value(row.plan.clone()));
    let year = this.packs.year(tx.conn(), &area, pot.fund_year).await?;
    let now = manifest(tx, &year, (0, 0)).await?;
    if now.quota_digest != totals.manifest.quota_digest {
        return Err(SettlementError::ClearingOutdated.into());
    }
    let institutions = store::cleared_institutions::list(tx.conn(), &area, key).await?;
    let outcomes: Vec<(String, Outcome)> = institutions
        .iter()
        .map(|one| (one.institution_code.clone(), held(serde_json::from_value(one.result.clone()))))
        .collect();
    let mut posts = Posts::default();
    let name = clearing_name(area.as_str(), &pot);
    for (institution, outcome) in &outcomes {
        clear(tx, &pot, institution, outcome, &name, &mut posts);
        order(tx, &pot, institution, outcome.payment, &name).await?;
    }
    hand_back(tx, &pot, &totals, &outcomes, &mut posts);
    posts.post(tx).await?;
    "approved".clone_into(&mut row.state);
    row.approver = Some(approver);
    row.version += 1;
    store::clearings::save(tx.conn(), &row).await?;
    tx.emit(&event(&row, &totals, &outcomes)).await?;
    Ok(ClearingView { clearing: row, institutions })
}

/// Posts one institution's year: its payable account then holds what remains to be paid.
fn clear(tx: &Tx<'_>, pot: &Pot, institution: &str, outcome: &Outcome, name: &str, posts: &mut Posts) {
    let owed = || accounts::payable(pot.fund_line.as_str(), institution);
    let quota = || pot.quota(institution);
    let suspense = || pot.overspend(institution);
    let returned = outcome.standard + outcome.overspend_fund - outcome.final_amount;
    let ahead = |kind| (owed(), pot.prepaid(kind, institution));
    let moves = [
        ("clearing_deferred", (pot.deferred(institution), owed()), outcome.deferred),
        ("clearing_surplus_kept", (quota(), owed()), outcome.surplus_kept),
        ("clearing_overspend_fund", (pot.reserve(), suspense()), outcome.overspend_fund),
        ("clearing_overspend_borne", (owed(), suspense()), outcome.overspend_borne),
        ("clearing_deductions", (owed(), quota()), outcome.deductions),
        ("clearing_quota_returned", (quota(), pot.target()), returned),
        ("clearing_working_capital", ahead("working_capital"), outcome.working_capital),
        ("clearing_clean_record", ahead("clean_record"), outcome.clean_record),
        ("clearing_advance", ahead("advance"), outcome.advance_left),
    ];
    for (code, accounts, amount) in moves {
        posts.add(tx, accounts, amount, code, name);
    }
}

/// Hands back what was not used and books what the year cost: the transit account is then empty.
fn hand_back(tx: &Tx<'_>, pot: &Pot, totals: &Totals, outcomes: &[(String, Outcome)], posts: &mut Posts) {
    let settled: Fen = outcomes.iter().map(|(_, outcome)| outcome.final_amount).sum();
    let back = [
        (Handed::QuotaReturned, pot.target(), totals.quota_returned),
        (Handed::ReserveReturned, pot.reserve(), totals.reserve_returned),
        (Handed::Settled, pot.clearing(), settled),
    ];
    for (handed, account, amount) in back {
        let code = handed.to_string();
        posts.add(tx, (account, pot.transit()), amount, &code, &pot.reference(handed));
    }
}

async fn order(tx: &mut Tx<'_>, pot: &Pot, institution: &str, payment: Fen, name: &str) -> Result<(), Error> {
    if payment == Fen::ZERO {
        return Ok(());
    }
    let (area, maker) = (tx.area().to_string(), tx.caller().subject.clone());
    let id = format!("{}-clearing-{}-{institution}", pot.fund_year, pot.fund_line);
    let order = PaymentOrderRow {
        subject: name.to_owned(),
        ..new_order(&area, id, "clearing", pot, institution, payment, &maker)
    };
    Ok(store::payment_orders::insert(tx.conn(), &order).await?)
}

fn event(row: &ClearingRow, totals: &Totals, outcomes: &[(String, Outcome)]) -> ClearingApproved {
    let cleared = |(code, outcome): &(String, Outcome)| ClearedInstitution {
        institution_code: code.clone(),
        payable_fen: outcome.payable.get(),
        cost_fen: outcome.cost.get(),
        final_fen: outcome.final_amount.get(),
    };
    ClearingApproved {
        fund_year: row.fund_year,
        fund_line: row.fund_line.clone(),
        district: row.district.clone(),
        decision: row.decision.clone().unwrap_or_default(),
        institutions: outcomes.iter().map(cleared).collect(),
        reserve_used_fen: totals.reserve_used.get(),
        reserve_returned_fen: totals.reserve_returned.get(),
        quota_returned_fen: totals.quota_returned.get(),
    }
}

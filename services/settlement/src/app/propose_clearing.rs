use medfund_db::{Call, Tx};
use medfund_types::{District, FundLine, FundYear};

use super::clearing_plan::{Computed, compute};
use super::{ClearingView, Error, Settlement};
use crate::domain::SettlementError;
use crate::domain::accounts::Pot;
use crate::domain::clearing::{ClearingState, Outcome};
use crate::store;
use crate::store::cleared_institutions::ClearedInstitutionRow;
use crate::store::clearings::ClearingRow;

/// Computes the clearing of a fund line in a district and proposes it.
pub(crate) struct ProposeClearing {
    pub(crate) call: Call,
    pub(crate) fund_year: FundYear,
    pub(crate) fund_line: FundLine,
    pub(crate) district: District,
}

impl Settlement {
    /// Computes and proposes a clearing; a call that is a dry run keeps nothing.
    pub(crate) async fn propose_clearing(&self, command: ProposeClearing) -> Result<ClearingView, Error> {
        let (this, positions) = (self.clone(), self.positions().await?);
        self.writer.run(command.call.clone(), move |tx| Box::pin(propose(this, tx, command, positions))).await
    }
}

async fn propose(
    this: Settlement,
    tx: &mut Tx<'_>,
    command: ProposeClearing,
    positions: (i64, i64),
) -> Result<ClearingView, Error> {
    let ProposeClearing { fund_year, fund_line, district, .. } = command;
    let area = tx.area().clone();
    let year = this.packs.year(tx.conn(), &area, fund_year).await?;
    year.rules(&fund_line)?;
    year.check_district(&district)?;
    let pot = Pot { fund_year, fund_line, district };
    let before = store::clearings::lock(tx.conn(), &area, &pot).await?;
    if before.as_ref().is_some_and(|row| row.state == ClearingState::Approved) {
        return Err(SettlementError::ClearingExists.into());
    }
    let computed = compute(&this, tx, &pot, positions).await?;
    if let Some(before) = &before
        && before.state != ClearingState::Rejected
        && holds(tx, before, &pot, &computed).await?
    {
        return Err(SettlementError::ClearingExists.into());
    }
    let row = ClearingRow {
        area: area.clone(),
        fund_year,
        fund_line: pot.fund_line.clone(),
        district: pot.district.clone(),
        state: ClearingState::Proposed,
        plan: computed.totals.clone(),
        decision: None,
        proposer: tx.caller().subject.clone(),
        approver: None,
        version: before.as_ref().map_or(1, |row| row.version + 1),
    };
    if before.is_some() {
        store::cleared_institutions::delete(tx.conn(), &area, &pot).await?;
        store::clearings::save(tx.conn(), &row).await?;
    } else {
        store::clearings::insert(tx.conn(), &row).await?;
    }
    let institutions = results(&row, &computed);
    store::cleared_institutions::insert(tx.conn(), &institutions).await?;
    Ok(ClearingView { clearing: row, institutions })
}

/// Whether a proposed clearing is still what the facts give.
pub(super) async fn holds(
    tx: &mut Tx<'_>,
    proposed: &ClearingRow,
    pot: &Pot,
    now: &Computed,
) -> Result<bool, Error> {
    let area = tx.area().clone();
    let institutions = store::cleared_institutions::list(tx.conn(), &area, pot).await?;
    let then: Vec<(_, Outcome)> =
        institutions.into_iter().map(|one| (one.institution_code, one.result)).collect();
    let (then_totals, now_totals) = (&proposed.plan, &now.totals);
    let same_money = then_totals.reserve_available == now_totals.reserve_available
        && then_totals.pools == now_totals.pools;
    Ok(then == now.outcomes() && same_money)
}

fn results(clearing: &ClearingRow, computed: &Computed) -> Vec<ClearedInstitutionRow> {
    let row = |(one, (institution_code, result))| ClearedInstitutionRow {
        area: clearing.area.clone(),
        fund_year: clearing.fund_year,
        fund_line: clearing.fund_line.clone(),
        district: clearing.district.clone(),
        institution_code,
        result,
        derivations: computed.trees(one),
    };
    computed.plan.institutions.iter().zip(computed.outcomes()).map(row).collect()
}

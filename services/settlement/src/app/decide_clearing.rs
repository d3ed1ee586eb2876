use medfund_db::{Call, Tx};
use medfund_policy::Matter;
use medfund_types::Area;

use super::answer_statement::check_version;
use super::{ClearingView, Error, Settlement};
use crate::domain::SettlementError;
use crate::domain::accounts::Pot;
use crate::domain::clearing::ClearingState;
use crate::store;

/// Notes what the local meeting decided on a proposed clearing.
pub(crate) struct DecideClearing {
    pub(crate) call: Call,
    pub(crate) pot: Pot,
    pub(crate) decision: String,
    pub(crate) expected_version: i64,
}

impl Settlement {
    /// Takes a proposed clearing to the city agency, or back, by a decision that was heard of.
    pub(crate) async fn decide_clearing(&self, command: DecideClearing) -> Result<ClearingView, Error> {
        let this = self.clone();
        self.writer.run(command.call.clone(), move |tx| Box::pin(decide(this, tx, command))).await
    }
}

async fn decide(this: Settlement, tx: &mut Tx<'_>, command: DecideClearing) -> Result<ClearingView, Error> {
    let DecideClearing { pot, decision, expected_version, .. } = command;
    let area = tx.area().clone();
    let mut row =
        store::clearings::lock(tx.conn(), &area, &pot).await?.ok_or(SettlementError::ClearingNotFound)?;
    check_version(row.version, expected_version)?;
    if row.state != ClearingState::Proposed {
        return Err(SettlementError::ClearingState(row.state).into());
    }
    let heard = store::decisions::find(tx.conn(), &area, &decision).await?;
    let heard = heard.ok_or(SettlementError::DecisionUnknown)?;
    let year = this.packs.year(tx.conn(), &area, pot.fund_year).await?;
    let body = year.pack.deciding_body(Matter::ClearingPlan).map(ToString::to_string);
    let subject = clearing_name(&area, &pot);
    let unsuitable = [
        ("matter", heard.matter != Matter::ClearingPlan.as_str()),
        ("body", body.is_some_and(|body| body != heard.body)),
        ("fund_year", heard.fund_year != row.fund_year),
        ("district", !heard.district.is_empty() && heard.district != row.district.as_str()),
        ("subject", !heard.subject.is_empty() && heard.subject != subject),
    ];
    if let Some((field, _)) = unsuitable.into_iter().find(|(_, wrong)| *wrong) {
        return Err(SettlementError::DecisionUnsuitable(field).into());
    }
    row.state = if heard.approved { ClearingState::Decided } else { ClearingState::Rejected };
    row.decision = Some(decision);
    row.version += 1;
    store::clearings::save(tx.conn(), &row).await?;
    let institutions = store::cleared_institutions::list(tx.conn(), &area, &pot).await?;
    Ok(ClearingView { clearing: row, institutions })
}

/// A clearing's resource name.
pub(crate) fn clearing_name(area: &Area, pot: &Pot) -> String {
    format!("areas/{area}/clearings/{}", pot.key())
}

use medfund_db::{Call, Tx};
use medfund_money::PositiveFen;

use super::{CaseKey, lock, save};
use crate::app::{Error, Settlement};
use crate::domain::SettlementError;
use crate::domain::special_case::{Proposal, special_case_rules};
use crate::store::special_cases::SpecialCaseRow;

/// Proposes what is to become of a case.
pub(crate) struct ProposeOutcome {
    pub(crate) call: Call,
    pub(crate) key: CaseKey,
    pub(crate) reviewed_cost: Option<PositiveFen>,
    pub(crate) note: String,
    pub(crate) expected_version: i64,
}

impl Settlement {
    /// Proposes a justified cost, or that a case stays as it is.
    pub(crate) async fn propose_outcome(&self, command: ProposeOutcome) -> Result<SpecialCaseRow, Error> {
        let this = self.clone();
        self.writer.run(command.call.clone(), move |tx| Box::pin(propose(this, tx, command))).await
    }
}

async fn propose(
    this: Settlement,
    tx: &mut Tx<'_>,
    command: ProposeOutcome,
) -> Result<SpecialCaseRow, Error> {
    let ProposeOutcome { key, reviewed_cost, note, expected_version, .. } = command;
    let row = lock(tx, &key, Some(expected_version)).await?;
    let area = tx.area().clone();
    let year = this.packs.year(tx.conn(), &area, row.fund_year).await?;
    let rules = special_case_rules(year.rules(&row.fund_line)?);
    let rules = rules.ok_or(SettlementError::FundYearNotOpen(row.fund_year))?;
    let proposal = Proposal { reviewed_cost, note, maker: tx.caller().subject.clone() };
    let review = row.review().propose(proposal, row.medfee_sumamt_fen, &rules)?;
    save(tx, row, review).await
}

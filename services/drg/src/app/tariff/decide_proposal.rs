use medfund_db::{Call, Tx};
use uuid::Uuid;

use super::locked::find_group;
use crate::app::{App, Error};
use crate::domain::tariff::proposal::{Decision, Proposal, ProposalError};
use crate::store;

/// Accepts or rejects a proposal.
pub(crate) struct DecideProposal {
    pub(crate) call: Call,
    pub(crate) tariff: Uuid,
    pub(crate) id: Uuid,
    pub(crate) accepted: bool,
    pub(crate) note: String,
}

impl App {
    /// Decides a proposal; an accepted one changes the tariff in the same transaction.
    pub(crate) async fn decide_proposal(&self, command: DecideProposal) -> Result<Proposal, Error> {
        let call = command.call.clone();
        self.writer.run(call, move |tx| Box::pin(decide(tx, command))).await
    }
}

async fn decide(tx: &mut Tx<'_>, command: DecideProposal) -> Result<Proposal, Error> {
    let DecideProposal { tariff, id, accepted, note, .. } = command;
    let area = tx.area();
    let negotiated = store::tariffs::lock(tx.conn(), area, tariff).await?.ok_or(ProposalError::NotFound)?;
    let proposal = store::tariff_proposals::find(tx.conn(), area, tariff, id).await?;
    let proposal = proposal.ok_or(ProposalError::NotFound)?;
    let standing = find_group(tx, tariff, &proposal.group).await?;
    let decision = Decision { accepted, decider: tx.caller().subject.clone(), note, time: tx.instant() };

    let decided = proposal.decide(decision, &standing.group)?;

    store::tariff_proposals::update(tx.conn(), &decided).await?;
    if accepted {
        let changed = decided.negotiated(standing);
        store::tariff_groups::update(tx.conn(), area, tariff, &changed).await?;
        store::tariffs::update(tx.conn(), &negotiated.changed()).await?;
    }
    Ok(decided)
}

use medfund_db::{Call, Tx};
use medfund_tariff::GroupCode;
use medfund_types::InstitutionCode;
use uuid::Uuid;

use crate::app::{App, Error};
use crate::domain::tariff::proposal::{Change, Decision, Proposal, ProposalError};
use crate::domain::tariff::{Tariff, TariffError, TariffGroup};
use crate::store;

/// Opens the next round of a tariff's negotiation, or publishes the tariff.
pub(crate) struct ChangeTariff {
    pub(crate) call: Call,
    pub(crate) id: Uuid,
    pub(crate) expected_version: i64,
}

/// Proposes a change of a group.
pub(crate) struct ProposeChange {
    pub(crate) call: Call,
    pub(crate) tariff: Uuid,
    pub(crate) id: Uuid,
    pub(crate) institution: Option<InstitutionCode>,
    pub(crate) group: GroupCode,
    pub(crate) change: Change,
    pub(crate) reason: String,
}

/// Accepts or rejects a proposal.
pub(crate) struct DecideProposal {
    pub(crate) call: Call,
    pub(crate) tariff: Uuid,
    pub(crate) id: Uuid,
    pub(crate) accepted: bool,
    pub(crate) note: String,
}

impl App {
    /// Opens the first or the next round of negotiation.
    pub(crate) async fn start_round(&self, command: ChangeTariff) -> Result<Tariff, Error> {
        let ChangeTariff { call, id, expected_version } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let tariff = lock(tx, id).await?.if_version(expected_version)?;
                    let n_open = store::tariff_proposals::count_open(tx.conn(), area, id).await?;
                    let tariff = tariff.start_round(n_open)?;
                    store::tariffs::update(tx.conn(), &tariff).await?;
                    Ok(tariff)
                })
            })
            .await
    }

    /// Keeps a proposal until somebody else decides it.
    ///
    /// The tariff's row is locked: no round ends and nothing is published meanwhile.
    pub(crate) async fn propose_change(&self, command: ProposeChange) -> Result<Proposal, Error> {
        let ProposeChange { call, tariff, id, institution, group, change, reason } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let negotiated = lock(tx, tariff).await?.if_in_negotiation()?;
                    let standing = find_group(tx, tariff, &group).await?;
                    change.fits(&standing.group)?;
                    let before = change.standing(&standing.group);
                    let proposal = Proposal {
                        area: area.clone(),
                        tariff,
                        id,
                        round: negotiated.round,
                        institution,
                        group,
                        change,
                        before,
                        reason,
                        proposer: tx.caller().subject.clone(),
                        create_time: tx.instant(),
                        decision: None,
                    };
                    if !store::tariff_proposals::insert(tx.conn(), &proposal).await? {
                        return Err(ProposalError::Exists.into());
                    }
                    Ok(proposal)
                })
            })
            .await
    }

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

pub(super) async fn lock(tx: &mut Tx<'_>, id: Uuid) -> Result<Tariff, Error> {
    let area = tx.area();
    Ok(store::tariffs::lock(tx.conn(), area, id).await?.ok_or(TariffError::NotFound)?)
}

async fn find_group(tx: &mut Tx<'_>, tariff: Uuid, group: &GroupCode) -> Result<TariffGroup, Error> {
    let area = tx.area();
    let found = store::tariff_groups::find(tx.conn(), area, tariff, group).await?;
    Ok(found.ok_or_else(|| TariffError::GroupNotFound(group.clone()))?)
}

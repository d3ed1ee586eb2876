use medfund_db::Call;
use medfund_tariff::GroupCode;
use medfund_types::InstitutionCode;
use uuid::Uuid;

use super::locked::{find_group, lock};
use crate::app::{App, Error};
use crate::domain::tariff::proposal::{Change, Proposal, ProposalError, if_room};
use crate::store;

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

impl App {
    /// Keeps a proposal until somebody else decides it.
    ///
    /// The tariff's row is locked: no round ends and nothing is published meanwhile.
    pub(crate) async fn propose_change(&self, command: ProposeChange) -> Result<Proposal, Error> {
        let ProposeChange { call, tariff, id, institution, group, change, reason } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let negotiated = lock(tx, tariff).await?.if_round_open()?;
                    let made = (negotiated.round, institution.as_ref());
                    let n_made = store::tariff_proposals::count_of(tx.conn(), area, tariff, made).await?;
                    if_room(n_made)?;
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
}

use medfund_db::Call;
use medfund_proto::budget::v1::DecisionRecorded;
use medfund_server::convert::date_to_pb;
use uuid::Uuid;

use super::{App, Error};
use crate::domain::decision::{Decision, DecisionError};
use crate::store;

/// Confirms a decision's record that somebody else entered.
pub(crate) struct ConfirmDecision {
    pub(crate) call: Call,
    pub(crate) decision: Uuid,
}

impl App {
    /// Confirms a decision and announces it, or does neither.
    pub(crate) async fn confirm_decision(&self, command: ConfirmDecision) -> Result<Decision, Error> {
        let ConfirmDecision { call, decision: id } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let recorded = store::decisions::lock(tx.conn(), area, id)
                        .await?
                        .ok_or(DecisionError::NotFound(id))?;

                    let confirmed = recorded.confirm(&tx.caller().subject)?;

                    store::decisions::update(tx.conn(), &confirmed).await?;
                    tx.emit(&announcement(&confirmed)).await?;
                    Ok(confirmed)
                })
            })
            .await
    }
}

fn announcement(decision: &Decision) -> DecisionRecorded {
    DecisionRecorded {
        decision: decision.name(),
        body: decision.body.clone(),
        matter: decision.matter.clone(),
        district: decision.district.as_ref().map(ToString::to_string).unwrap_or_default(),
        fund_year: decision.fund_year.get(),
        subject: decision.subject.clone(),
        approved: decision.approved,
        meeting_date: Some(date_to_pb(decision.meeting_date)),
    }
}

use medfund_db::Call;

use super::policy::named_body;
use super::{App, Error};
use crate::domain::calendar::CalendarError;
use crate::domain::decision::{Decision, DecisionError};
use crate::store;

/// Records what a body decided.
pub(crate) struct RecordDecision {
    pub(crate) call: Call,
    /// As it was entered; its maker is the caller.
    pub(crate) decision: Decision,
}

impl App {
    /// Keeps the record until somebody else confirms it.
    pub(crate) async fn record_decision(&self, command: RecordDecision) -> Result<Decision, Error> {
        let RecordDecision { call, decision } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area().clone();
                    let calendar =
                        store::calendars::find(tx.conn(), &area).await?.ok_or(CalendarError::NotFound)?;
                    let (opening, pack) = packs.of_year(tx.conn(), &area, decision.fund_year).await?;
                    if store::decisions::find(tx.conn(), &area, decision.id).await?.is_some() {
                        return Err(DecisionError::Exists(decision.id).into());
                    }
                    let body = named_body(&pack, &decision.matter)?;
                    decision.check(&body, &opening.districts, calendar.business_date)?;
                    let instant = tx.instant();
                    store::decisions::insert(tx.conn(), &decision, instant).await?;
                    Ok(decision)
                })
            })
            .await
    }
}

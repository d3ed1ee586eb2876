use super::facts::locked_institution;
use super::{App, Confirm, Error};
use crate::domain::inspection::{Inspection, InspectionError};
use crate::domain::pack_rules::inspection_rules;
use crate::{events, store};

impl App {
    /// Announces the refusal and lets the violating cases count as violations.
    pub(crate) async fn confirm_inspection(&self, command: Confirm) -> Result<Inspection, Error> {
        let Confirm { call, id } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let recorded = store::inspections::find(tx.conn(), area, id).await?;
                    let code = recorded.ok_or(InspectionError::NotFound)?.institution;
                    locked_institution(tx.conn(), area, &code).await?;
                    let recorded = store::inspections::lock(tx.conn(), area, id).await?;
                    let recorded = recorded.ok_or(InspectionError::NotFound)?;
                    let other = store::inspections::find_confirmed(tx.conn(), &recorded).await?;
                    let year = packs.year(tx.conn(), area, recorded.fund_year).await?;

                    let confirmed = recorded.confirm(&tx.caller().subject, other)?;

                    store::inspections::update_checker(tx.conn(), &confirmed).await?;
                    for violation in confirmed.violations(&inspection_rules(&year.pack)) {
                        store::violations::insert(tx.conn(), &violation).await?;
                    }
                    tx.emit(&events::refusal_confirmed(&confirmed)).await?;
                    Ok(confirmed)
                })
            })
            .await
    }
}

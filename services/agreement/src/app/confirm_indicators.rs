use super::record_indicators::agreed_limits;
use super::{App, Confirm, Error, records};
use crate::domain::error::AssessmentError;
use crate::domain::indicators::{self, Assessment};
use crate::domain::pack_rules::indicator_rules;
use crate::{events, store};

impl App {
    /// Announces the deductions, if they still follow from what is agreed.
    pub(crate) async fn confirm_indicators(&self, command: Confirm) -> Result<Assessment, Error> {
        let Confirm { call, id } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let recorded: Assessment = records::locked(tx, id).await?;
                    let area = tx.area();
                    let year = packs.year(tx.conn(), area, recorded.head.fund_year).await?;
                    let agreed = agreed_limits(tx.conn(), &recorded.head).await?;

                    let confirmed = records::confirmed(tx, recorded).await?;
                    let now = indicators::assess(&confirmed.measured, &agreed, &indicator_rules(&year.pack));
                    if now.as_ref() != Ok(&confirmed.deductions) {
                        return Err(AssessmentError::IndicatorsOutdated.into());
                    }

                    store::records::update_checker(tx.conn(), &confirmed).await?;
                    tx.emit(&events::indicators_confirmed(&confirmed)).await?;
                    Ok(confirmed)
                })
            })
            .await
    }
}

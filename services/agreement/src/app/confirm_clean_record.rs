use super::state_clean_record::conduct_in;
use super::{App, Confirm, Error, records};
use crate::domain::conduct::CleanRecord;
use crate::domain::error::AssessmentError;
use crate::{events, store};

impl App {
    /// Announces a statement that still holds.
    pub(crate) async fn confirm_clean_record(&self, command: Confirm) -> Result<CleanRecord, Error> {
        let Confirm { call, id } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let stated: CleanRecord = records::locked(tx, id).await?;
                    let years: Vec<_> = stated.years.iter().map(|year| year.fund_year).collect();
                    let now = conduct_in(tx.conn(), area, &stated.head.institution, &years).await?;

                    let confirmed = records::confirmed(tx, stated).await?;
                    if confirmed.years != now {
                        return Err(AssessmentError::StatementOutdated.into());
                    }

                    store::records::update_checker(tx.conn(), &confirmed).await?;
                    tx.emit(&events::clean_record_confirmed(&confirmed)).await?;
                    Ok(confirmed)
                })
            })
            .await
    }
}

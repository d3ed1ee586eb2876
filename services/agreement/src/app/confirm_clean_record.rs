use super::facts::locked_institution;
use super::state_clean_record::conduct_in;
use super::{App, Confirm, Error};
use crate::domain::conduct::CleanRecord;
use crate::domain::error::{AssessmentError, Record};
use crate::{events, store};

impl App {
    /// Announces a statement that still holds.
    pub(crate) async fn confirm_clean_record(&self, command: Confirm) -> Result<CleanRecord, Error> {
        let Confirm { call, id } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let not_found = AssessmentError::NotFound(Record::CleanRecord);
                    let recorded = store::clean_records::find(tx.conn(), area, id).await?;
                    let code = recorded.ok_or_else(|| not_found.clone())?.institution;
                    locked_institution(tx.conn(), area, &code).await?;
                    let recorded = store::clean_records::lock(tx.conn(), area, id).await?.ok_or(not_found)?;
                    if store::clean_records::find_confirmed(tx.conn(), &recorded).await?.is_some() {
                        return Err(AssessmentError::AlreadyConfirmed(Record::CleanRecord).into());
                    }
                    let years: Vec<_> = recorded.years.iter().map(|year| year.fund_year).collect();
                    if conduct_in(tx.conn(), area, &code, &years).await? != recorded.years {
                        return Err(AssessmentError::StatementOutdated.into());
                    }

                    let persons = recorded.persons.confirm(&tx.caller().subject);
                    let persons =
                        persons.map_err(|error| AssessmentError::confirm(Record::CleanRecord, error))?;

                    let confirmed = CleanRecord { persons, ..recorded };
                    store::clean_records::update_checker(tx.conn(), &confirmed).await?;
                    tx.emit(&events::clean_record_confirmed(&confirmed)).await?;
                    Ok(confirmed)
                })
            })
            .await
    }
}

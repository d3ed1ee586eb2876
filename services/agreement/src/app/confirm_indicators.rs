use super::facts::locked_institution;
use super::{App, Confirm, Error};
use crate::domain::error::{AssessmentError, Record};
use crate::domain::indicators::Assessment;
use crate::{events, store};

impl App {
    /// Announces the deductions.
    pub(crate) async fn confirm_indicators(&self, command: Confirm) -> Result<Assessment, Error> {
        let Confirm { call, id } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let not_found = AssessmentError::NotFound(Record::Indicators);
                    let recorded = store::indicator_assessments::find(tx.conn(), area, id).await?;
                    let code = recorded.ok_or_else(|| not_found.clone())?.institution;
                    locked_institution(tx.conn(), area, &code).await?;
                    let recorded =
                        store::indicator_assessments::lock(tx.conn(), area, id).await?.ok_or(not_found)?;
                    if store::indicator_assessments::find_confirmed(tx.conn(), &recorded).await?.is_some() {
                        return Err(AssessmentError::AlreadyConfirmed(Record::Indicators).into());
                    }

                    let persons = recorded.persons.confirm(&tx.caller().subject);
                    let persons =
                        persons.map_err(|error| AssessmentError::confirm(Record::Indicators, error))?;

                    let confirmed = Assessment { persons, ..recorded };
                    store::indicator_assessments::update_checker(tx.conn(), &confirmed).await?;
                    tx.emit(&events::indicators_confirmed(&confirmed)).await?;
                    Ok(confirmed)
                })
            })
            .await
    }
}

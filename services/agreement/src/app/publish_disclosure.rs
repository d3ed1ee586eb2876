use super::facts::locked_institution;
use super::{App, Confirm, Error};
use crate::domain::error::{AssessmentError, Record};
use crate::domain::report::Disclosure;
use crate::store;

impl App {
    /// Lets everybody read the figures.
    pub(crate) async fn publish_disclosure(&self, command: Confirm) -> Result<Disclosure, Error> {
        let Confirm { call, id } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let not_found = AssessmentError::NotFound(Record::Disclosure);
                    let recorded = store::disclosures::find(tx.conn(), area, id).await?;
                    let code = recorded.ok_or_else(|| not_found.clone())?.institution;
                    locked_institution(tx.conn(), area, &code).await?;
                    let recorded = store::disclosures::lock(tx.conn(), area, id).await?.ok_or(not_found)?;
                    if store::disclosures::find_confirmed(tx.conn(), &recorded).await?.is_some() {
                        return Err(AssessmentError::AlreadyConfirmed(Record::Disclosure).into());
                    }

                    let persons = recorded.persons.confirm(&tx.caller().subject);
                    let persons =
                        persons.map_err(|error| AssessmentError::confirm(Record::Disclosure, error))?;

                    let confirmed = Disclosure { persons, ..recorded };
                    store::disclosures::update_checker(tx.conn(), &confirmed).await?;
                    Ok(confirmed)
                })
            })
            .await
    }
}

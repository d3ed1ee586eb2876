use super::facts::{business_date, locked_institution};
use super::{App, Confirm, Error};
use crate::domain::error::{AssessmentError, Record};
use crate::domain::review::Review;
use crate::{events, store};

impl App {
    /// Announces the grade, dated today.
    pub(crate) async fn confirm_review(&self, command: Confirm) -> Result<Review, Error> {
        let Confirm { call, id } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let not_found = AssessmentError::NotFound(Record::Review);
                    let recorded = store::reviews::find(tx.conn(), area, id).await?;
                    let code = recorded.ok_or_else(|| not_found.clone())?.institution;
                    locked_institution(tx.conn(), area, &code).await?;
                    let recorded = store::reviews::lock(tx.conn(), area, id).await?.ok_or(not_found)?;
                    if store::reviews::find_confirmed(tx.conn(), &recorded).await?.is_some() {
                        return Err(AssessmentError::AlreadyConfirmed(Record::Review).into());
                    }
                    let today = business_date(tx.conn(), area).await?;

                    let persons = recorded.persons.confirm(&tx.caller().subject);
                    let persons = persons.map_err(|error| AssessmentError::confirm(Record::Review, error))?;

                    let confirmed = Review { persons, confirm_date: Some(today), ..recorded };
                    store::reviews::update_checker(tx.conn(), &confirmed).await?;
                    tx.emit(&events::review_confirmed(&confirmed, today)).await?;
                    Ok(confirmed)
                })
            })
            .await
    }
}

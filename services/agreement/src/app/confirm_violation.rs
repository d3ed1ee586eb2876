use super::facts::locked_institution;
use super::{App, Confirm, Error};
use crate::domain::inspection::InspectionError;
use crate::domain::violation::Violation;
use crate::store;

impl App {
    /// Lets a violation count.
    pub(crate) async fn confirm_violation(&self, command: Confirm) -> Result<Violation, Error> {
        let Confirm { call, id } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let recorded = store::violations::find(tx.conn(), area, id).await?;
                    let code = recorded.ok_or(InspectionError::ViolationNotFound)?.institution;
                    locked_institution(tx.conn(), area, &code).await?;
                    let recorded = store::violations::lock(tx.conn(), area, id).await?;
                    let recorded = recorded.ok_or(InspectionError::ViolationNotFound)?;

                    let persons = recorded.persons.confirm(&tx.caller().subject);
                    let persons = persons.map_err(InspectionError::ConfirmViolation)?;

                    let confirmed = Violation { persons, ..recorded };
                    store::violations::update_checker(tx.conn(), &confirmed).await?;
                    Ok(confirmed)
                })
            })
            .await
    }
}

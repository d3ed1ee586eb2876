use super::{App, Confirm, Error, records};
use crate::domain::violation::Violation;
use crate::store;

impl App {
    /// Lets a violation count.
    pub(crate) async fn confirm_violation(&self, command: Confirm) -> Result<Violation, Error> {
        let Confirm { call, id } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let recorded: Violation = records::locked(tx, id).await?;

                    let confirmed = records::confirmed(tx, recorded).await?;

                    store::records::update_checker(tx.conn(), &confirmed).await?;
                    Ok(confirmed)
                })
            })
            .await
    }
}

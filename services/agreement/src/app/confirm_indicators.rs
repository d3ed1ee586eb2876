use super::{App, Confirm, Error, records};
use crate::domain::indicators::Assessment;
use crate::{events, store};

impl App {
    /// Announces the deductions.
    pub(crate) async fn confirm_indicators(&self, command: Confirm) -> Result<Assessment, Error> {
        let Confirm { call, id } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let recorded: Assessment = records::locked(tx, id).await?;

                    let confirmed = records::confirmed(tx, recorded).await?;

                    store::records::update_checker(tx.conn(), &confirmed).await?;
                    tx.emit(&events::indicators_confirmed(&confirmed)).await?;
                    Ok(confirmed)
                })
            })
            .await
    }
}

use super::{App, Confirm, Error, records};
use crate::domain::report::Disclosure;
use crate::store;

impl App {
    /// Lets everybody read the figures.
    pub(crate) async fn publish_disclosure(&self, command: Confirm) -> Result<Disclosure, Error> {
        let Confirm { call, id } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let recorded: Disclosure = records::locked(tx, id).await?;

                    let confirmed = records::confirmed(tx, recorded).await?;

                    store::records::update_checker(tx.conn(), &confirmed).await?;
                    Ok(confirmed)
                })
            })
            .await
    }
}

use super::locked::{ChangeTariff, lock};
use crate::app::{App, Error};
use crate::domain::tariff::Tariff;
use crate::store;

impl App {
    /// Closes the round of negotiation that is open.
    pub(crate) async fn close_round(&self, command: ChangeTariff) -> Result<Tariff, Error> {
        let ChangeTariff { call, id, expected_version } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let tariff = lock(tx, id).await?.if_version(expected_version)?.close_round()?;
                    store::tariffs::update(tx.conn(), &tariff).await?;
                    Ok(tariff)
                })
            })
            .await
    }
}

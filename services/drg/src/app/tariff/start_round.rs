use super::locked::{ChangeTariff, lock};
use crate::app::{App, Error};
use crate::domain::tariff::Tariff;
use crate::store;

impl App {
    /// Opens the first or the next round of negotiation.
    pub(crate) async fn start_round(&self, command: ChangeTariff) -> Result<Tariff, Error> {
        let ChangeTariff { call, id, expected_version } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let tariff = lock(tx, id).await?.if_version(expected_version)?;
                    let n_open = store::tariff_proposals::count_open(tx.conn(), area, id).await?;
                    let tariff = tariff.start_round(n_open)?;
                    store::tariffs::update(tx.conn(), &tariff).await?;
                    Ok(tariff)
                })
            })
            .await
    }
}

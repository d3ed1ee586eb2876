use medfund_db::Call;

use crate::app::{App, Error};
use crate::domain::crosswalk::{Crosswalk, CrosswalkError, CrosswalkHash};
use crate::store;

/// Publishes a crosswalk that somebody else submitted.
pub(crate) struct PublishCrosswalk {
    pub(crate) call: Call,
    pub(crate) hash: CrosswalkHash,
}

impl App {
    /// Lets cases be grouped through a crosswalk.
    pub(crate) async fn publish_crosswalk(&self, command: PublishCrosswalk) -> Result<Crosswalk, Error> {
        let PublishCrosswalk { call, hash } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let submitted = store::crosswalks::lock(tx.conn(), area, &hash).await?;
                    let submitted = submitted.ok_or(CrosswalkError::NotFound(hash))?;

                    let published = submitted.publish(&tx.caller().subject, tx.instant())?;

                    store::crosswalks::update(tx.conn(), &published).await?;
                    Ok(published)
                })
            })
            .await
    }
}

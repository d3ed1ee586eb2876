use medfund_db::Call;
use medfund_proto::drg::v1::SchemePublished;

use super::{App, Error};
use crate::domain::scheme::{Scheme, SchemeError, SchemeHash};
use crate::store;

/// Publishes a scheme that somebody else submitted.
pub(crate) struct PublishScheme {
    pub(crate) call: Call,
    pub(crate) hash: SchemeHash,
}

impl App {
    /// Publishes a scheme and announces it, or does neither.
    pub(crate) async fn publish_scheme(&self, command: PublishScheme) -> Result<Scheme, Error> {
        let PublishScheme { call, hash } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let submitted = store::schemes::lock(tx.conn(), area, &hash).await?;
                    let submitted = submitted.ok_or(SchemeError::NotFound(hash))?;

                    let published = submitted.publish(&tx.caller().subject, tx.instant())?;

                    store::schemes::update(tx.conn(), &published).await?;
                    tx.emit(&SchemePublished {
                        scheme_id: published.scheme_id.clone(),
                        scheme_hash: published.hash.to_string(),
                    })
                    .await?;
                    Ok(published)
                })
            })
            .await
    }
}

use medfund_db::Call;
use medfund_proto::budget::v1::PackPublished;

use super::{App, Error};
use crate::domain::pack::{Pack, PackError, PackHash};
use crate::store;

/// Publishes a pack that somebody else submitted.
pub(crate) struct PublishPack {
    pub(crate) call: Call,
    pub(crate) hash: PackHash,
}

impl App {
    /// Publishes a pack and announces it, or does neither.
    pub(crate) async fn publish_pack(&self, command: PublishPack) -> Result<Pack, Error> {
        let PublishPack { call, hash } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let submitted =
                        store::packs::lock(tx.conn(), area, &hash).await?.ok_or(PackError::NotFound(hash))?;

                    let published = submitted.publish(&tx.caller().subject, tx.instant())?;

                    store::packs::update(tx.conn(), &published).await?;
                    tx.emit(&PackPublished {
                        pack_id: published.pack_id.clone(),
                        pack_hash: published.hash.to_string(),
                    })
                    .await?;
                    Ok(published)
                })
            })
            .await
    }
}

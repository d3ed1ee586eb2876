use medfund_db::Call;

use super::{App, Error};
use crate::domain::pack::{Pack, PackError, PackHash, PackState};
use crate::store;

/// Submits the bytes of a pack that was found valid.
pub(crate) struct SubmitPack {
    pub(crate) call: Call,
    pub(crate) pack_id: String,
    pub(crate) hash: PackHash,
    pub(crate) content: Vec<u8>,
}

impl App {
    /// Keeps a pack's bytes until somebody else publishes them.
    pub(crate) async fn submit_pack(&self, command: SubmitPack) -> Result<Pack, Error> {
        let SubmitPack { call, pack_id, hash, content } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    if store::packs::find(tx.conn(), area, &hash).await?.is_some() {
                        return Err(PackError::Exists(hash).into());
                    }
                    let pack = Pack {
                        area: area.clone(),
                        hash,
                        pack_id,
                        state: PackState::Submitted,
                        maker: tx.caller().subject.clone(),
                        checker: None,
                        create_time: tx.instant(),
                        publish_time: None,
                    };
                    store::packs::insert(tx.conn(), &pack, &content).await?;
                    Ok(pack)
                })
            })
            .await
    }
}

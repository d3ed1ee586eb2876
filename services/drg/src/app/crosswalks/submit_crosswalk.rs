use medfund_db::Call;

use crate::app::{App, Error};
use crate::domain::crosswalk::{Crosswalk, CrosswalkError, CrosswalkHash};
use crate::store;

/// Submits the pairs of a crosswalk in which nothing is wrong.
pub(crate) struct SubmitCrosswalk {
    pub(crate) call: Call,
    pub(crate) hash: CrosswalkHash,
    pub(crate) title: String,
    pub(crate) counts: [i32; 2],
    /// The pairs in their order, of which `hash` is.
    pub(crate) content: String,
}

impl App {
    /// Keeps a crosswalk's pairs until somebody else publishes them.
    pub(crate) async fn submit_crosswalk(&self, command: SubmitCrosswalk) -> Result<Crosswalk, Error> {
        let SubmitCrosswalk { call, hash, title, counts, content } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let crosswalk = Crosswalk {
                        area: tx.area().clone(),
                        hash,
                        title,
                        counts,
                        maker: tx.caller().subject.clone(),
                        create_time: tx.instant(),
                        published: None,
                    };
                    if !store::crosswalks::insert(tx.conn(), &crosswalk, &content).await? {
                        return Err(CrosswalkError::Exists(crosswalk.hash).into());
                    }
                    Ok(crosswalk)
                })
            })
            .await
    }
}

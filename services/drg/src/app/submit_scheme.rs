use medfund_db::Call;

use super::{App, Error};
use crate::domain::scheme::{Scheme, SchemeError, SchemeHash};
use crate::store;

/// Submits the bytes of a scheme that was found sound.
pub(crate) struct SubmitScheme {
    pub(crate) call: Call,
    pub(crate) hash: SchemeHash,
    pub(crate) scheme_id: String,
    pub(crate) counts: [i32; 3],
    pub(crate) content: Vec<u8>,
}

impl App {
    /// Keeps a scheme's bytes until somebody else publishes them.
    pub(crate) async fn submit_scheme(&self, command: SubmitScheme) -> Result<Scheme, Error> {
        let SubmitScheme { call, hash, scheme_id, counts, content } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let scheme = Scheme {
                        area: tx.area().clone(),
                        hash,
                        scheme_id,
                        counts,
                        maker: tx.caller().subject.clone(),
                        create_time: tx.instant(),
                        published: None,
                    };
                    if !store::schemes::insert(tx.conn(), &scheme, &content).await? {
                        return Err(SchemeError::Exists(scheme.hash).into());
                    }
                    Ok(scheme)
                })
            })
            .await
    }
}

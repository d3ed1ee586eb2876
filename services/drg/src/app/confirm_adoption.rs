use medfund_db::Call;
use medfund_proto::drg::v1::SchemeAdopted;
use medfund_server::convert::date_to_pb;
use uuid::Uuid;

use super::{App, Error};
use crate::domain::adoption::{Adoption, AdoptionError};
use crate::store;

/// Confirms an adoption that somebody else proposed.
pub(crate) struct ConfirmAdoption {
    pub(crate) call: Call,
    pub(crate) id: Uuid,
}

impl App {
    /// Puts a scheme in force and announces it, or does neither.
    ///
    /// All adoptions of the area are locked: of two that are confirmed at once the second one
    /// sees the first.
    pub(crate) async fn confirm_adoption(&self, command: ConfirmAdoption) -> Result<Adoption, Error> {
        let ConfirmAdoption { call, id } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    store::adoptions::lock_all(tx.conn(), area).await?;
                    let proposed = store::adoptions::find(tx.conn(), area, id).await?;
                    let proposed = proposed.ok_or(AdoptionError::NotFound(id))?;
                    let latest = store::adoptions::latest(tx.conn(), area).await?;

                    let confirmed = proposed.confirm(latest, &tx.caller().subject, tx.instant())?;

                    store::adoptions::update(tx.conn(), &confirmed).await?;
                    tx.emit(&SchemeAdopted {
                        adoption: format!("areas/{area}/adoptions/{id}"),
                        scheme_hash: confirmed.scheme.to_string(),
                        effective_date: Some(date_to_pb(confirmed.effective_date)),
                    })
                    .await?;
                    Ok(confirmed)
                })
            })
            .await
    }
}

use medfund_db::{Call, Tx};
use medfund_proto::drg::v1::{SchemeAdopted, TariffAdopted};
use medfund_server::convert::date_to_pb;
use uuid::Uuid;

use super::standing::standing;
use super::{App, Error};
use crate::domain::adoption::{Adopted, Adoption, AdoptionError, Kind};
use crate::domain::tariff::TariffError;
use crate::store;

/// Confirms an adoption that somebody else proposed.
pub(crate) struct ConfirmAdoption {
    pub(crate) call: Call,
    pub(crate) kind: Kind,
    pub(crate) id: Uuid,
}

impl App {
    /// Puts a scheme or a tariff in force and announces it, or does neither.
    ///
    /// All adoptions of the area are locked: of two that are confirmed at once the second one
    /// sees the first.
    pub(crate) async fn confirm_adoption(&self, command: ConfirmAdoption) -> Result<Adoption, Error> {
        let ConfirmAdoption { call, kind, id } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    store::adoptions::lock_all(tx.conn(), area).await?;
                    let proposed = store::adoptions::find(tx.conn(), area, kind, id).await?;
                    let proposed = proposed.ok_or(AdoptionError::NotFound(id))?;
                    let standing = standing(tx, &proposed).await?;

                    let confirmed = proposed.confirm(&standing, &tx.caller().subject, tx.instant())?;

                    store::adoptions::update(tx.conn(), &confirmed).await?;
                    announce(tx, &confirmed).await?;
                    Ok(confirmed)
                })
            })
            .await
    }
}

async fn announce(tx: &mut Tx<'_>, confirmed: &Adoption) -> Result<(), Error> {
    let (area, id) = (tx.area(), confirmed.id);
    let effective_date = Some(date_to_pb(confirmed.effective_date));
    match &confirmed.adopted {
        Adopted::Scheme(hash) => {
            let adoption = format!("areas/{area}/adoptions/{id}");
            tx.emit(&SchemeAdopted { adoption, scheme_hash: hash.to_string(), effective_date }).await?;
        }
        Adopted::Tariff(tariff) => {
            let found = store::tariffs::find(tx.conn(), area, *tariff).await?.ok_or(TariffError::NotFound)?;
            let published = found.published.ok_or(TariffError::NotPublished)?;
            tx.emit(&TariffAdopted {
                tariff_adoption: format!("areas/{area}/tariffAdoptions/{id}"),
                tariff_hash: published.hash.to_string(),
                scheme_hash: found.scheme.to_string(),
                effective_date,
            })
            .await?;
        }
    }
    Ok(())
}

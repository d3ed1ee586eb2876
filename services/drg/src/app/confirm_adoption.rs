use medfund_db::{Call, Tx};
use medfund_proto::drg::v1::{SchemeAdopted, TariffAdopted};
use medfund_server::convert::date_to_pb;
use uuid::Uuid;

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
                    let latest = store::adoptions::latest(tx.conn(), area, kind).await?;

                    let confirmed = proposed.confirm(latest, &tx.caller().subject, tx.instant())?;

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
            let (tariff_hash, scheme_hash) = fitting(tx, *tariff, confirmed).await?;
            let tariff_adoption = format!("areas/{area}/tariffAdoptions/{id}");
            let event = TariffAdopted { tariff_adoption, tariff_hash, scheme_hash, effective_date };
            tx.emit(&event).await?;
        }
    }
    Ok(())
}

/// The hash of a tariff and that of its scheme, which must be the one that groups on the tariff's first day.
async fn fitting(tx: &mut Tx<'_>, tariff: Uuid, adoption: &Adoption) -> Result<(String, String), Error> {
    let (area, date) = (tx.area(), adoption.effective_date);
    let tariff = store::tariffs::find(tx.conn(), area, tariff).await?.ok_or(TariffError::NotFound)?;
    let published = tariff.published.ok_or(TariffError::NotPublished)?;
    let in_force = store::adoptions::in_force(tx.conn(), area, Kind::Scheme, date).await?;
    if in_force.is_none_or(|scheme| scheme.adopted != Adopted::Scheme(tariff.scheme.clone())) {
        return Err(TariffError::SchemeNotInForce { scheme: tariff.scheme, date }.into());
    }
    Ok((published.hash.to_string(), tariff.scheme.to_string()))
}

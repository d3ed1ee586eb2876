use medfund_db::Call;
use medfund_types::FundYear;
use uuid::Uuid;

use super::make::{Making, insert_new};
use crate::app::{App, Error};
use crate::domain::tariff::{BasePoints, Levels, Origin, Tariff, TariffError};
use crate::store;

/// Begins a new tariff as a copy of a published one.
pub(crate) struct ReviseTariff {
    pub(crate) call: Call,
    pub(crate) id: Uuid,
    pub(crate) tariff: Uuid,
    pub(crate) fund_year: FundYear,
    /// In the place of the published tariff's; none: those.
    pub(crate) levels: Levels,
}

impl App {
    /// Copies a published tariff into a new draft.
    pub(crate) async fn revise_tariff(&self, command: ReviseTariff) -> Result<Tariff, Error> {
        let ReviseTariff { call, id, tariff, fund_year, levels: given } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let found = store::tariffs::find(tx.conn(), area, tariff).await?;
                    let published = found.ok_or(TariffError::NotFound)?.if_published()?;
                    let groups = store::tariff_groups::all(tx.conn(), area, tariff).await?;
                    let coefficients = store::tariff_coefficients::all(tx.conn(), area, tariff).await?;
                    let Tariff {
                        scheme,
                        base_points: points,
                        base_points_default: default,
                        basis,
                        levels,
                        ..
                    } = published;
                    let base_points = BasePoints { points, default };
                    let origin = Origin::Revision(tariff);
                    let levels = if given.is_empty() { levels } else { Some(given) };
                    let making = Making { id, fund_year, scheme, base_points, origin, basis, levels };
                    let revised = insert_new(tx, making, groups).await?;
                    store::tariff_coefficients::replace(tx.conn(), area, id, &coefficients).await?;
                    Ok(revised)
                })
            })
            .await
    }
}

use medfund_db::{DbError, Tx};
use medfund_proto::drg::v1::TariffPublished;
use medfund_tariff::weight::mean_cost;
use medfund_tariff::{PublishedTariff, Tariff as Groups};

use super::locked::{ChangeTariff, lock};
use crate::app::{App, Error};
use crate::domain::tariff::{Content, Tariff, TariffError, TariffHash};
use crate::store;

impl App {
    /// Publishes a tariff's bytes and announces them, or does neither.
    pub(crate) async fn publish_tariff(&self, command: ChangeTariff) -> Result<Tariff, Error> {
        let call = command.call.clone();
        self.writer.run(call, move |tx| Box::pin(publish(tx, command))).await
    }
}

async fn publish(tx: &mut Tx<'_>, command: ChangeTariff) -> Result<Tariff, Error> {
    let ChangeTariff { id, expected_version, .. } = command;
    let area = tx.area();
    let tariff = lock(tx, id).await?.if_version(expected_version)?;
    let n_open = store::tariff_proposals::count_open(tx.conn(), area, id).await?;
    let content = content_of(tx, &tariff).await?;
    let lacks_levels = content.lacks_levels();
    let content = content.to_bytes();
    let hash: TariffHash = PublishedTariff::hash(&content).parse().expect("a hash is SHA-256");
    let bytes = Content { n_bytes: content.len(), lacks_levels, hash: hash.clone() };

    let published = tariff.publish(n_open, &bytes, &tx.caller().subject, tx.instant())?;

    store::tariffs::publish(tx.conn(), &published, &content).await.map_err(|error| {
        let known = error.constraint() == Some("tariffs_published");
        if known { Error::from(TariffError::AlreadyKnown(hash.clone())) } else { Error::from(error) }
    })?;
    tx.emit(&TariffPublished {
        tariff: format!("areas/{area}/tariffs/{id}"),
        tariff_hash: hash.to_string(),
        fund_year: published.fund_year.get(),
        scheme_hash: published.scheme.to_string(),
    })
    .await?;
    Ok(published)
}

/// A tariff as it would be published.
async fn content_of(tx: &mut Tx<'_>, tariff: &Tariff) -> Result<PublishedTariff, DbError> {
    let groups = store::tariff_groups::all(tx.conn(), &tariff.area, tariff.id).await?;
    let mean_cost = mean_cost(groups.iter().filter_map(|group| group.made.as_ref()));
    let groups = Groups::new(groups.into_iter().map(|group| group.group)).expect("a code is a row's key");
    let coefficients = store::tariff_coefficients::all(tx.conn(), &tariff.area, tariff.id).await?;
    Ok(PublishedTariff {
        area: tariff.area.clone(),
        fund_year: tariff.fund_year,
        scheme_hash: tariff.scheme.to_string(),
        base_points: tariff.base_points,
        groups,
        levels: tariff.levels(),
        coefficients,
        mean_cost,
    })
}

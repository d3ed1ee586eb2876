use medfund_db::{Call, Tx};
use medfund_tariff::GroupCode;
use uuid::Uuid;

use crate::app::Error;
use crate::domain::tariff::{Tariff, TariffError, TariffGroup};
use crate::store;

/// Opens or closes a round of a tariff's negotiation, or publishes the tariff.
pub(crate) struct ChangeTariff {
    pub(crate) call: Call,
    pub(crate) id: Uuid,
    pub(crate) expected_version: i64,
}

/// Locks a tariff, or tells that the area has none of this id.
pub(super) async fn lock(tx: &mut Tx<'_>, id: Uuid) -> Result<Tariff, Error> {
    let area = tx.area();
    Ok(store::tariffs::lock(tx.conn(), area, id).await?.ok_or(TariffError::NotFound)?)
}

/// A group of a tariff.
pub(super) async fn find_group(
    tx: &mut Tx<'_>,
    tariff: Uuid,
    group: &GroupCode,
) -> Result<TariffGroup, Error> {
    let area = tx.area();
    let found = store::tariff_groups::find(tx.conn(), area, tariff, group).await?;
    Ok(found.ok_or_else(|| TariffError::GroupNotFound(group.clone()))?)
}

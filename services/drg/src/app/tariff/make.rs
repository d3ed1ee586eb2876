use medfund_db::Tx;
use medfund_types::FundYear;
use uuid::Uuid;

use crate::app::Error;
use crate::domain::scheme::SchemeHash;
use crate::domain::tariff::coefficients::CoefficientBasis;
use crate::domain::tariff::{BasePoints, Levels, Origin, Tariff, TariffError, TariffGroup};
use crate::store;

/// A tariff that is about to be made.
pub(super) struct Making {
    pub(super) id: Uuid,
    pub(super) fund_year: FundYear,
    pub(super) scheme: SchemeHash,
    pub(super) base_points: BasePoints,
    pub(super) origin: Origin,
    pub(super) basis: Option<CoefficientBasis>,
    pub(super) levels: Option<Levels>,
}

/// Keeps a new tariff with its groups, in the caller's name.
pub(super) async fn insert_new(
    tx: &mut Tx<'_>,
    making: Making,
    groups: Vec<TariffGroup>,
) -> Result<Tariff, Error> {
    let Making { id, fund_year, scheme, base_points, origin, basis, levels } = making;
    let tariff = Tariff {
        area: tx.area().clone(),
        id,
        fund_year,
        scheme,
        base_points: base_points.points,
        base_points_default: base_points.default,
        origin,
        n_groups: i32::try_from(groups.len()).expect("a tariff's groups are few"),
        round: 0,
        round_open: false,
        maker: tx.caller().subject.clone(),
        create_time: tx.instant(),
        version: 1,
        coefficients_maker: basis.as_ref().map(|_| tx.caller().subject.clone()),
        basis,
        levels,
        published: None,
    };
    if !store::tariffs::insert(tx.conn(), &tariff).await? {
        return Err(TariffError::Exists.into());
    }
    store::tariff_groups::insert(tx.conn(), &tariff.area, id, &groups).await?;
    Ok(tariff)
}

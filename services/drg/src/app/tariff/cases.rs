use medfund_db::AsyncPgConnection;
use medfund_tariff::history::Totals;
use medfund_types::Area;
use uuid::Uuid;

use crate::app::Error;
use crate::domain::history::{History, HistoryError};
use crate::domain::tariff::{Tariff, TariffError};
use crate::store;

/// A finished history and what its cases add up to.
pub(super) async fn cases_of(
    conn: &mut AsyncPgConnection,
    area: &Area,
    history: Uuid,
) -> Result<(History, Totals), Error> {
    let found = store::histories::find(conn, area, history).await?;
    let history = found.ok_or(HistoryError::NotFound)?.if_finished()?;
    let totals = store::history_cases::totals(conn, area, history.id).await?;
    Ok((history, totals))
}

/// A tariff of the history's scheme.
pub(super) async fn tariff_of(
    conn: &mut AsyncPgConnection,
    history: &History,
    tariff: Uuid,
) -> Result<Tariff, Error> {
    let found = store::tariffs::find(conn, &history.area, tariff).await?;
    Ok(found.ok_or(TariffError::NotFound)?.if_of_scheme(&history.scheme)?)
}

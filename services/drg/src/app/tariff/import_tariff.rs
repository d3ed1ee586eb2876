use medfund_db::Call;
use medfund_money::Coefficient;
use medfund_tariff::Tariff as Groups;
use medfund_types::FundYear;
use uuid::Uuid;

use super::make::{Making, insert_new};
use crate::app::{App, Error};
use crate::domain::scheme::{SchemeError, SchemeHash};
use crate::domain::tariff::{Origin, Tariff, TariffGroup};
use crate::store;

/// Makes a tariff of a table in which nothing is wrong.
pub(crate) struct ImportTariff {
    pub(crate) call: Call,
    pub(crate) id: Uuid,
    pub(crate) fund_year: FundYear,
    pub(crate) scheme: SchemeHash,
    pub(crate) base_points: Coefficient,
    pub(crate) file_digest: [u8; 32],
    pub(crate) groups: Groups,
}

impl App {
    /// Keeps a tariff that was read from a file.
    pub(crate) async fn import_tariff(&self, command: ImportTariff) -> Result<Tariff, Error> {
        let ImportTariff { call, id, fund_year, scheme, base_points, file_digest, groups } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let found = store::schemes::find(tx.conn(), area, &scheme).await?;
                    found.ok_or_else(|| SchemeError::NotFound(scheme.clone()))?;
                    let read = |group| TariffGroup { group, made: None, derivation: None };
                    let groups = Vec::from(groups).into_iter().map(read).collect();
                    let origin = Origin::File(file_digest);
                    let making = Making { id, fund_year, scheme, base_points, origin, basis: None };
                    insert_new(tx, making, groups).await
                })
            })
            .await
    }
}

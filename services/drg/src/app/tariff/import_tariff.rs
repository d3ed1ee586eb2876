use std::collections::BTreeSet;

use medfund_db::Call;
use medfund_tariff::{GroupCode, Tariff as Groups};
use medfund_types::FundYear;
use uuid::Uuid;

use super::make::{Making, insert_new};
use crate::app::schemes::{Choice, Purpose};
use crate::app::{App, Error, Read};
use crate::domain::scheme::{SchemeError, SchemeHash};
use crate::domain::tariff::{BasePoints, Levels, Origin, Tariff, TariffGroup};
use crate::store;

/// Makes a tariff of a table in which nothing is wrong.
pub(crate) struct ImportTariff {
    pub(crate) call: Call,
    pub(crate) id: Uuid,
    pub(crate) fund_year: FundYear,
    pub(crate) scheme: SchemeHash,
    pub(crate) base_points: BasePoints,
    pub(crate) file_digest: [u8; 32],
    pub(crate) groups: Groups,
    pub(crate) levels: Levels,
}

/// How groups fit those of a scheme.
#[derive(Debug, Default)]
pub(crate) struct Fit {
    /// Those that the scheme does not have.
    pub(crate) unknown: Vec<GroupCode>,
    /// Those of the scheme that are not there.
    pub(crate) missing: Vec<GroupCode>,
}

impl App {
    /// Holds groups against those of a scheme.
    pub(crate) async fn fit(&self, read: &Read, scheme: SchemeHash, groups: &Groups) -> Result<Fit, Error> {
        let loaded = self.scheme_for(read, Choice::Scheme(scheme), Purpose::Comparison).await?;
        let outside: BTreeSet<GroupCode> = loaded.outside_groups().collect();
        let own: BTreeSet<GroupCode> = loaded.groups().map(|(code, _)| code).collect();
        let given: BTreeSet<&GroupCode> = groups.groups().map(|group| &group.code).collect();
        let is_known = |code: &GroupCode| own.contains(code) || outside.contains(code);
        Ok(Fit {
            unknown: given.iter().copied().filter(|code| !is_known(code)).cloned().collect(),
            missing: own.iter().filter(|code| !given.contains(code)).cloned().collect(),
        })
    }

    /// Keeps a tariff that was read from a file.
    pub(crate) async fn import_tariff(&self, command: ImportTariff) -> Result<Tariff, Error> {
        let ImportTariff { call, id, fund_year, scheme, base_points, file_digest, groups, levels } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let found = store::schemes::find(tx.conn(), area, &scheme).await?;
                    found.ok_or_else(|| SchemeError::NotFound(scheme.clone()))?;
                    let read = |group| TariffGroup { group, made: None, derivation: None };
                    let groups = Vec::from(groups).into_iter().map(read).collect();
                    let origin = Origin::File(file_digest);
                    let levels = Some(levels).filter(|levels| !levels.is_empty());
                    let making = Making { id, fund_year, scheme, base_points, origin, basis: None, levels };
                    insert_new(tx, making, groups).await
                })
            })
            .await
    }
}

use std::collections::HashSet;
use std::sync::Arc;

use medfund_db::{AsyncPgConnection, Call, DbError};
use medfund_tariff::history::Costs;
use medfund_tariff::weight::{self, Made, MakeError};
use medfund_tariff::{GroupCode, Weight};
use medfund_types::{Area, FundYear};
use uuid::Uuid;

use super::make::{Making, insert_new};
use crate::app::beside::beside;
use crate::app::schemes::{Choice, Loaded, Purpose};
use crate::app::{App, Error, Read};
use crate::domain::history::{History, HistoryError};
use crate::domain::tariff::{BasePoints, Origin, Tariff, TariffError, TariffGroup, WeightParameters};
use crate::store;

/// Makes a tariff's weights from a history.
pub(crate) struct DraftTariff {
    pub(crate) call: Call,
    pub(crate) id: Uuid,
    pub(crate) fund_year: FundYear,
    pub(crate) history: Uuid,
    pub(crate) parameters: WeightParameters,
    pub(crate) base_points: BasePoints,
}

impl App {
    /// Weighs every group of the history's scheme and keeps the tariff with what it was made of.
    ///
    /// A finished history never changes, so that it is read and weighed before the transaction that writes.
    pub(crate) async fn draft_tariff(&self, command: DraftTariff) -> Result<Tariff, Error> {
        let DraftTariff { call, id, fund_year, history, parameters, base_points } = command;
        let read = Read { caller: call.caller.clone(), area: call.area.clone() };
        let history = self.history(read.clone(), history).await?.if_finished()?;
        let choice = Choice::Scheme(history.scheme.clone());
        let loaded = self.scheme_for(&read, choice, Purpose::Comparison).await?;
        if_known(&parameters.fixed, &loaded)?;
        let made = self.weigh(&read, &history, &parameters, &loaded).await?;
        let groups = groups_of(&made, &loaded);
        let origin =
            Origin::History { history: history.id, content_digest: history.content_digest, parameters };
        let making =
            Making { id, fund_year, scheme: history.scheme, base_points, origin, basis: None, levels: None };
        self.writer.run(call, move |tx| Box::pin(insert_new(tx, making, groups))).await
    }

    async fn weigh(
        &self,
        read: &Read,
        history: &History,
        parameters: &WeightParameters,
        loaded: &Arc<Loaded>,
    ) -> Result<Made, Error> {
        let (area, history, earlier) = (read.area.clone(), history.id, parameters.earlier);
        let mut parameters = parameters.to_library();
        let loaded = Arc::clone(loaded);
        let (costs, earlier) = self
            .reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let costs = costs_of(conn, &area, history, &loaded).await?;
                    let earlier = match earlier {
                        Some(earlier) => groups_of_published(conn, &area, earlier).await?,
                        None => Vec::new(),
                    };
                    Ok::<_, Error>((costs, earlier))
                })
            })
            .await?;
        let weighed = |group: TariffGroup| Some((group.group.code.clone(), group.group.weight()?));
        parameters.earlier = earlier.into_iter().filter_map(weighed).collect();
        beside(move || weight::make(costs, &parameters)).await.map_err(why_not)
    }
}

fn why_not(errors: Vec<MakeError>) -> Error {
    let of_parameters = errors.into_iter().find(|error| match error {
        MakeError::NoCases => false,
        MakeError::NoMinimum | MakeError::TooManyDecimals(_) | MakeError::NothingKept { .. } => true,
    });
    match of_parameters {
        Some(error) => DbError::Internal(format!("parameters that were found good are not: {error}")).into(),
        None => HistoryError::WithoutCases.into(),
    }
}

/// Checks that the scheme has every group that has a fixed weight.
fn if_known(fixed: &[(GroupCode, Weight)], loaded: &Loaded) -> Result<(), TariffError> {
    let known: HashSet<GroupCode> = loaded.groups().map(|(code, _)| code).collect();
    let unknown = fixed.iter().find(|(group, _)| !known.contains(group));
    unknown.map_or(Ok(()), |(group, _)| Err(TariffError::GroupNotInScheme(group.clone())))
}

/// What the cases in groups have cost; every group of the scheme is named.
async fn costs_of(
    conn: &mut AsyncPgConnection,
    area: &Area,
    history: Uuid,
    loaded: &Loaded,
) -> Result<Costs, Error> {
    let mut costs = Costs::default();
    loaded.groups().for_each(|(code, _)| costs.name(code));
    store::history_cases::each(conn, area, history, |case| {
        if case.group.is_grouped() {
            costs.add(&case.group, case.cost);
        }
    })
    .await?;
    Ok(costs)
}

async fn groups_of_published(
    conn: &mut AsyncPgConnection,
    area: &Area,
    tariff: Uuid,
) -> Result<Vec<TariffGroup>, Error> {
    let tariff = store::tariffs::find(conn, area, tariff).await?.ok_or(TariffError::NotFound)?;
    Ok(store::tariff_groups::all(conn, area, tariff.if_published()?.id).await?)
}

fn groups_of(made: &Made, loaded: &Loaded) -> Vec<TariffGroup> {
    let names: std::collections::HashMap<GroupCode, &str> = loaded.groups().collect();
    let tariff = made.tariff(|code| names.get(code).copied().unwrap_or_default());
    let group = |group: &medfund_tariff::Group| {
        let mut made = made.groups[&group.code].clone();
        // Kept beside it: it grows with what is negotiated.
        let derivation = made.derivation.take();
        TariffGroup { group: group.clone(), made: Some(made), derivation }
    };
    tariff.groups().map(group).collect()
}

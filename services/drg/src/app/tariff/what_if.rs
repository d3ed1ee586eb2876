use std::collections::BTreeMap;

use medfund_db::{AsyncPgConnection, DbError};
use medfund_money::{AllocationError, Fen};
use medfund_tariff::coefficient::Coefficients;
use medfund_tariff::history::Totals;
use medfund_tariff::what_if::{self, AdrgDifference, Difference, Method, Paid, Setting, WhatIfError};
use medfund_tariff::{Group, GroupCode, Level, Tariff as Groups};
use medfund_types::{Area, InstitutionCode};
use uuid::Uuid;

use super::cases::cases_of;
use crate::app::beside::beside;
use crate::app::{App, Error, Read};
use crate::domain::history::History;
use crate::domain::scheme::SchemeHash;
use crate::domain::tariff::TariffError;
use crate::domain::tariff::proposal::Change;
use crate::store;
use crate::store::tariff_coefficients::OneCoefficient;

/// Two settings, and the cases to try them on.
pub(crate) struct CompareTariffs {
    pub(crate) history: Uuid,
    pub(crate) settings: [WantedSetting; 2],
    /// Whose difference is wanted by core group.
    pub(crate) institution: Option<InstitutionCode>,
}

/// A tariff with what is changed in it, and how its weights become money.
#[derive(Clone)]
pub(crate) struct WantedSetting {
    pub(crate) tariff: Uuid,
    pub(crate) method: WantedMethod,
    /// Of groups.
    pub(crate) changes: Vec<(GroupCode, Change)>,
    pub(crate) coefficients: Vec<OneCoefficient>,
    pub(crate) levels: BTreeMap<InstitutionCode, Level>,
}

/// How weights become money; the points of a weight are the tariff's to say.
#[derive(Clone, Copy)]
pub(crate) enum WantedMethod {
    Points { budget: Fen, covers: what_if::Covers },
    Other(Method),
}

/// What two settings come to.
pub(crate) struct Compared {
    pub(crate) differences: Vec<Difference>,
    pub(crate) by_adrg: Vec<AdrgDifference>,
    pub(crate) paid: [Paid; 2],
    pub(crate) history: History,
}

/// A setting that is ready to compute with.
pub(crate) struct ReadySetting {
    groups: Groups,
    coefficients: Coefficients,
    levels: BTreeMap<InstitutionCode, Level>,
    method: Method,
}

impl ReadySetting {
    /// As the library takes it.
    pub(crate) fn setting(&self) -> Setting<'_> {
        let Self { groups, coefficients, levels, method } = self;
        Setting { tariff: groups, coefficients, levels, method: *method }
    }
}

impl App {
    /// A setting of a tariff of `scheme` that is ready to compute with.
    pub(crate) async fn setting_of(
        &self,
        read: &Read,
        scheme: SchemeHash,
        wanted: WantedSetting,
    ) -> Result<ReadySetting, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move { ready(conn, (&area, &scheme), wanted).await })
            })
            .await
    }

    /// What each institution would be paid by two settings.
    pub(crate) async fn compare_tariffs(
        &self,
        read: Read,
        wanted: CompareTariffs,
    ) -> Result<Compared, Error> {
        let area = read.area.clone();
        let CompareTariffs { history, settings: [one, other], institution } = wanted;
        let (history, cases, one, other) = self
            .reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let (history, cases) = cases_of(conn, &area, history).await?;
                    let one = ready(conn, (&area, &history.scheme), one).await?;
                    let other = ready(conn, (&area, &history.scheme), other).await?;
                    Ok::<_, Error>((history, cases, one, other))
                })
            })
            .await?;
        let compared = move || compare(history, &cases, [&one, &other], institution.as_ref());
        beside(compared).await
    }
}

/// Reads a tariff's groups and coefficients and changes in them what is to be changed.
async fn ready(
    conn: &mut AsyncPgConnection,
    (area, scheme): (&Area, &SchemeHash),
    wanted: WantedSetting,
) -> Result<ReadySetting, Error> {
    let found = store::tariffs::find(conn, area, wanted.tariff).await?;
    let tariff = found.ok_or(TariffError::NotFound)?.if_of_scheme(scheme)?;
    let groups = store::tariff_groups::all(conn, area, tariff.id).await?;
    let mut groups: BTreeMap<GroupCode, Group> =
        groups.into_iter().map(|group| (group.group.code.clone(), group.group)).collect();
    for (code, change) in wanted.changes {
        let group = groups.remove(&code).ok_or_else(|| TariffError::GroupNotFound(code.clone()))?;
        change.fits(&group)?;
        groups.insert(code, change.applied_to(group));
    }
    let mut coefficients = store::tariff_coefficients::all(conn, area, tariff.id).await?;
    for change in wanted.coefficients {
        match change {
            (institution, None, coefficient) => coefficients.set_general(institution, coefficient),
            (institution, Some(group), coefficient) => coefficients.set(institution, group, coefficient),
        }
    }
    let mut levels = tariff.levels();
    levels.extend(wanted.levels);
    let method = match wanted.method {
        WantedMethod::Points { budget, covers } => {
            Method::Points { budget, base: tariff.base_points, covers }
        }
        WantedMethod::Other(method) => method,
    };
    let groups = Groups::new(groups.into_values());
    let groups = groups.expect("a code is a row's key, and no change makes a group ambiguous");
    Ok(ReadySetting { groups, coefficients, levels, method })
}

fn compare(
    history: History,
    cases: &Totals,
    [one, other]: [&ReadySetting; 2],
    institution: Option<&InstitutionCode>,
) -> Result<Compared, Error> {
    let (one, other) = (one.setting(), other.setting());
    let paid = what_if::pay(cases, &one).map_err(why_not)?;
    let other_paid = what_if::pay(cases, &other).map_err(why_not)?;
    let by_adrg = match institution {
        Some(institution) => {
            let (one, other) = ((&one, &paid), (&other, &other_paid));
            what_if::by_adrg(cases, institution, one, other).map_err(why_not)?
        }
        None => Vec::new(),
    };
    let differences = what_if::differences(&paid, &other_paid);
    Ok(Compared { differences, by_adrg, paid: [paid, other_paid], history })
}

/// The refusal of settings that pay nothing.
pub(crate) fn why_not(error: WhatIfError) -> Error {
    match &error {
        WhatIfError::TooLarge => TariffError::BeyondMeasure.into(),
        WhatIfError::Allocation(AllocationError::NoWeights { .. }) => TariffError::NothingToShareBy.into(),
        WhatIfError::Allocation(
            AllocationError::NegativeTotal { .. }
            | AllocationError::NegativeWeight { .. }
            | AllocationError::NegativeBound { .. }
            | AllocationError::FloorsExceedTotal { .. }
            | AllocationError::FloorAboveCaps { .. },
        ) => DbError::Internal(format!("a budget that was found good is not: {error}")).into(),
    }
}

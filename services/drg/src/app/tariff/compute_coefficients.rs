use medfund_db::Call;
use medfund_tariff::GroupCode;
use medfund_tariff::coefficient::{Coefficients, Experience, Parameters, ParametersError};
use medfund_tariff::history::Totals;
use uuid::Uuid;

use super::cases::{cases_of, tariff_of};
use super::locked::lock;
use crate::app::beside::beside;
use crate::app::{App, Error, Read};
use crate::domain::tariff::coefficients::{CoefficientBasis, MAX_COEFFICIENTS};
use crate::domain::tariff::{Levels, Tariff, TariffError};
use crate::store;

/// Computes the coefficients of a tariff's institutions.
pub(crate) struct ComputeCoefficients {
    pub(crate) call: Call,
    pub(crate) tariff: Uuid,
    pub(crate) expected_version: i64,
    pub(crate) history: Uuid,
    pub(crate) parameters: Parameters,
    /// In the place of the tariff's; none: those.
    pub(crate) levels: Levels,
}

impl App {
    /// Computes coefficients and keeps them with what they were made of.
    ///
    /// A finished history never changes, so that they are computed before the transaction that writes.
    pub(crate) async fn compute_coefficients(&self, command: ComputeCoefficients) -> Result<Tariff, Error> {
        let ComputeCoefficients { call, tariff, expected_version, history, mut parameters, levels } = command;
        let read = Read { caller: call.caller.clone(), area: call.area.clone() };
        let (content_digest, totals, known, basic) = self.experience(&read, history, tariff).await?;
        let levels = if levels.is_empty() { known } else { levels };
        parameters.basic_groups.extend(basic);
        let n_made = Experience::new(&totals, &levels).n_coefficients(&parameters);
        if n_made > MAX_COEFFICIENTS {
            return Err(TariffError::TooManyCoefficients(n_made).into());
        }
        let basis = CoefficientBasis { history, content_digest, parameters, levels };
        let (coefficients, basis) = beside(move || (made(&basis, &totals), basis)).await;
        let coefficients = coefficients.map_err(why_not)?;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let found = lock(tx, tariff).await?.if_version(expected_version)?;
                    let changed = found.with_coefficients(basis, &tx.caller().subject)?;
                    store::tariffs::update(tx.conn(), &changed).await?;
                    store::tariff_coefficients::replace(tx.conn(), area, tariff, &coefficients).await?;
                    Ok(changed)
                })
            })
            .await
    }

    /// What a tariff's coefficients are made of: the history's digest, its cases, and the tariff's levels and basic groups.
    async fn experience(
        &self,
        read: &Read,
        history: Uuid,
        tariff: Uuid,
    ) -> Result<([u8; 32], Totals, Levels, Vec<GroupCode>), Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let (history, totals) = cases_of(conn, &area, history).await?;
                    let levels = tariff_of(conn, &history, tariff).await?.levels();
                    let groups = store::tariff_groups::all(conn, &area, tariff).await?;
                    let basic = groups.into_iter().map(|group| group.group).filter(|group| group.is_basic);
                    Ok((history.content_digest, totals, levels, basic.map(|group| group.code).collect()))
                })
            })
            .await
    }
}

fn made(basis: &CoefficientBasis, totals: &Totals) -> Result<Coefficients, Vec<ParametersError>> {
    Experience::new(totals, &basis.levels).coefficients(&basis.parameters)
}

pub(super) fn why_not(errors: Vec<ParametersError>) -> TariffError {
    match errors.into_iter().next() {
        Some(ParametersError::NoCoefficient { institution, group, value }) => {
            TariffError::NoCoefficient { institution, group, value }
        }
        Some(ParametersError::LevelLeftOut(level)) => TariffError::LevelLeftOut(level),
        Some(ParametersError::BoundsCrossed { .. } | ParametersError::TooManyDecimals(_)) | None => {
            panic!("the parameters were checked when they came")
        }
    }
}

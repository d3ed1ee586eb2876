use medfund_db::DbError;
use medfund_money::Coefficient;
use medfund_tariff::GroupCode;
use medfund_tariff::coefficient::{Experience, MadeCoefficient};
use medfund_types::InstitutionCode;
use uuid::Uuid;

use super::compute_coefficients::why_not;
use crate::app::{App, Error, Read};
use crate::domain::tariff::TariffError;
use crate::domain::tariff::coefficients::CoefficientBasis;
use crate::store::tariff_coefficients::{CoefficientKey, OneCoefficient};
use crate::store::{self, Page};

/// A coefficient with its tree, and the history that it is made of.
pub(crate) struct ExplainedCoefficient {
    pub(crate) made: MadeCoefficient,
    pub(crate) basis: CoefficientBasis,
}

impl App {
    pub(crate) async fn coefficients(
        &self,
        read: Read,
        tariff: Uuid,
        page: Page<CoefficientKey>,
    ) -> Result<Vec<OneCoefficient>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    store::tariffs::find(conn, &area, tariff).await?.ok_or(TariffError::NotFound)?;
                    Ok(store::tariff_coefficients::list(conn, &area, tariff, &page).await?)
                })
            })
            .await
    }

    /// Computes one coefficient again, with its tree, and holds it against what the tariff has.
    ///
    /// Cases are added up in the service's own name: no institution sees a history, and yet is told what it is paid by.
    pub(crate) async fn explain_coefficient(
        &self,
        read: Read,
        tariff: Uuid,
        institution: InstitutionCode,
        group: GroupCode,
    ) -> Result<ExplainedCoefficient, Error> {
        let (area, own) = (read.area.clone(), read.area.clone());
        let (which, code) = (institution.clone(), group.clone());
        let kept = self.reader.run(&read.caller, &read.area, move |conn| {
            Box::pin(async move {
                let found = store::tariffs::find(conn, &area, tariff).await?.ok_or(TariffError::NotFound)?;
                let known = store::tariff_groups::find(conn, &area, tariff, &code).await?;
                known.ok_or(TariffError::GroupNotFound(code.clone()))?;
                let basis = found.basis.ok_or(TariffError::NoCoefficients)?;
                let kept = store::tariff_coefficients::find(conn, &area, tariff, (&which, &code)).await?;
                Ok::<_, Error>((basis, kept))
            })
        });
        let (basis, kept) = kept.await?;
        let (history, which) = (basis.history, (institution.clone(), group.clone()));
        let (own, area) = (Read::own(own.clone()), own);
        let totals = self.reader.run(&own.caller, &own.area, move |conn| {
            Box::pin(async move {
                let around = (&which.0, &which.1);
                Ok::<_, Error>(store::history_cases::totals_around(conn, &area, history, around).await?)
            })
        });
        let totals = totals.await?;
        let made = Experience::new(&totals, &basis.levels).made(&basis.parameters, &institution, &group);
        let made = made.map_err(why_not)?;
        let paid = kept.unwrap_or(Coefficient::ONE);
        if paid != made.coefficient {
            let told = format!("{institution} is paid by {paid}, which is {} by its basis", made.coefficient);
            return Err(DbError::Internal(told).into());
        }
        Ok(ExplainedCoefficient { made, basis })
    }
}

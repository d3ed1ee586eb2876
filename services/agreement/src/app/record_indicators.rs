use medfund_db::{AsyncPgConnection, Call};

use super::facts::locked_institution;
use super::{App, Error, records};
use crate::domain::agreement::IndicatorLimit;
use crate::domain::error::AssessmentError;
use crate::domain::indicators::{self, Assessment};
use crate::domain::pack_rules::{deducted_differently, indicator_rules};
use crate::domain::record::Head;
use crate::store;

/// Records the year's measured indicators.
pub(crate) struct RecordIndicators {
    pub(crate) call: Call,
    /// With nothing deducted yet.
    pub(crate) begun: Assessment,
}

impl App {
    /// Computes what missed indicators cost and keeps it for another person to confirm.
    pub(crate) async fn record_indicators(&self, command: RecordIndicators) -> Result<Assessment, Error> {
        let RecordIndicators { call, begun } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    locked_institution(tx.conn(), area, &begun.head.institution).await?;
                    let year = packs.year(tx.conn(), area, begun.head.fund_year).await?;
                    if let Some(indicator) = deducted_differently(&year.pack) {
                        return Err(AssessmentError::DeductionsDiffer { indicator }.into());
                    }
                    records::check_open(tx.conn(), &begun).await?;
                    let agreed = agreed_limits(tx.conn(), &begun.head).await?;

                    let rules = indicator_rules(&year.pack);
                    let deductions = indicators::assess(&begun.measured, &agreed, &rules)?;

                    let deduction_rate = indicators::total(&deductions);
                    let assessment = Assessment { deductions, deduction_rate, ..begun };
                    records::keep(tx.conn(), &assessment).await?;
                    Ok(assessment)
                })
            })
            .await
    }
}

/// The limits of the latest signed agreement of an institution and fund year.
pub(super) async fn agreed_limits(
    conn: &mut AsyncPgConnection,
    of: &Head,
) -> Result<Vec<IndicatorLimit>, Error> {
    let latest = store::agreements::signed(conn, &of.area, &of.institution, of.fund_year).await?.pop();
    Ok(latest.map(|agreement| agreement.indicator_limits).unwrap_or_default())
}

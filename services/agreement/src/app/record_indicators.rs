use medfund_db::Call;

use super::facts::locked_institution;
use super::{App, Error};
use crate::domain::error::{AssessmentError, Record};
use crate::domain::indicators::{self, Assessment};
use crate::domain::pack_rules::indicator_rules;
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
                    locked_institution(tx.conn(), area, &begun.institution).await?;
                    let year = packs.year(tx.conn(), area, begun.fund_year).await?;
                    if store::indicator_assessments::find_confirmed(tx.conn(), &begun).await?.is_some() {
                        return Err(AssessmentError::AlreadyConfirmed(Record::Indicators).into());
                    }
                    let signed =
                        store::agreements::signed(tx.conn(), area, &begun.institution, begun.fund_year);
                    let latest = signed.await?.pop();
                    let agreed = latest.map(|agreement| agreement.indicator_limits).unwrap_or_default();

                    let rules = indicator_rules(&year.pack);
                    let deductions = indicators::assess(&begun.measured, &agreed, &rules)?;

                    let deduction_rate = indicators::total(&deductions);
                    let assessment = Assessment { deductions, deduction_rate, ..begun };
                    if !store::indicator_assessments::insert(tx.conn(), &assessment).await? {
                        return Err(AssessmentError::Exists(Record::Indicators).into());
                    }
                    Ok(assessment)
                })
            })
            .await
    }
}

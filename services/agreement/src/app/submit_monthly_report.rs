use medfund_db::Call;
use medfund_types::{InstitutionCode, SettlementMonth};
use uuid::Uuid;

use super::facts::{locked_institution, not_in_future};
use super::{App, Error};
use crate::domain::error::AssessmentError;
use crate::domain::indicators::Measured;
use crate::domain::pack_rules::indicator_rules;
use crate::domain::record::{RecordError, RecordKind};
use crate::domain::report::MonthlyReport;
use crate::store;

/// Submits an institution's indicators of a month.
pub(crate) struct SubmitMonthlyReport {
    pub(crate) call: Call,
    pub(crate) id: Uuid,
    pub(crate) institution: InstitutionCode,
    pub(crate) month: SettlementMonth,
    pub(crate) measured: Vec<Measured>,
}

impl App {
    /// Keeps a report beside those of the month before it.
    pub(crate) async fn submit_monthly_report(
        &self,
        command: SubmitMonthlyReport,
    ) -> Result<MonthlyReport, Error> {
        let SubmitMonthlyReport { call, id, institution, month, measured } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    locked_institution(tx.conn(), area, &institution).await?;
                    let year = packs.year_of_month(tx.conn(), area, month).await?;
                    not_in_future(tx.conn(), area, month.first_day()).await?;
                    let indicators = indicator_rules(&year.pack).indicators;
                    let unknown = measured.iter().find(|m| !indicators.contains_key(&m.indicator));
                    if let Some(Measured { indicator, .. }) = unknown.cloned() {
                        return Err(AssessmentError::UnknownIndicator { indicator }.into());
                    }

                    let report = MonthlyReport {
                        area: area.clone(),
                        id,
                        fund_year: year.fund_year,
                        institution,
                        month,
                        measured,
                        reporter: tx.caller().subject.clone(),
                        time: tx.instant(),
                    };
                    if !store::records::insert(tx.conn(), &report).await? {
                        return Err(RecordError::Exists(RecordKind::MonthlyReport).into());
                    }
                    Ok(report)
                })
            })
            .await
    }
}

use medfund_db::Call;

use super::facts::locked_institution;
use super::{App, Error, records};
use crate::domain::indicators::{self, Assessment};
use crate::domain::pack_rules::indicator_rules;
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
                    records::check_open(tx.conn(), &begun).await?;
                    let Head { institution, fund_year, .. } = &begun.head;
                    let signed = store::agreements::signed(tx.conn(), area, institution, *fund_year);
                    let latest = signed.await?.pop();
                    let agreed = latest.map(|agreement| agreement.indicator_limits).unwrap_or_default();

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

use medfund_db::Call;

use super::facts::{in_year, locked_institution, not_in_future};
use super::{App, Error, records};
use crate::domain::inspection::{Inspection, InspectionError, extrapolate};
use crate::domain::pack_rules::inspection_rules;

/// Records a sampled inspection.
pub(crate) struct RecordInspection {
    pub(crate) call: Call,
    /// With nothing computed yet.
    pub(crate) begun: Inspection,
}

impl App {
    /// Computes what an inspection comes to and keeps it for another person to confirm.
    pub(crate) async fn record_inspection(&self, command: RecordInspection) -> Result<Inspection, Error> {
        let RecordInspection { call, begun } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    locked_institution(tx.conn(), area, &begun.head.institution).await?;
                    let year = packs.year(tx.conn(), area, begun.head.fund_year).await?;
                    let rules = inspection_rules(&year.pack, &begun.fund_line);
                    let unknown = || InspectionError::UnknownFundLine { fund_line: begun.fund_line.clone() };
                    let rules = rules.ok_or_else(unknown)?;
                    in_year(&year, begun.month.first_day())?;
                    not_in_future(tx.conn(), area, begun.month.first_day()).await?;

                    let refusal = extrapolate(&begun.sample, &rules)?;

                    let inspection = Inspection {
                        violating: refusal.violating,
                        sampling_rate: refusal.sampling_rate,
                        extrapolated: rules.extrapolated,
                        refused: refusal.refused,
                        ..begun
                    };
                    records::keep(tx.conn(), &inspection).await?;
                    Ok(inspection)
                })
            })
            .await
    }
}

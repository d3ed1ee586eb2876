use medfund_db::Call;
use medfund_money::{Fen, Rate};
use medfund_types::{Area, FundLine, FundYear, InstitutionCode, SettlementMonth};
use uuid::Uuid;

use super::facts::{in_year, locked_institution, not_in_future};
use super::{App, Error};
use crate::domain::inspection::{Inspection, InspectionError, Sample, extrapolate};
use crate::domain::pack_rules::inspection_rules;
use crate::domain::two_persons::TwoPersons;
use crate::store;

/// Records a sampled inspection.
pub(crate) struct RecordInspection {
    pub(crate) call: Call,
    pub(crate) id: Uuid,
    pub(crate) fund_year: FundYear,
    pub(crate) fund_line: FundLine,
    pub(crate) institution: InstitutionCode,
    pub(crate) month: SettlementMonth,
    pub(crate) sample: Sample,
}

impl RecordInspection {
    /// The inspection before anything is computed.
    fn begun(&self, area: &Area) -> Inspection {
        Inspection {
            area: area.clone(),
            id: self.id,
            fund_year: self.fund_year,
            fund_line: self.fund_line.clone(),
            institution: self.institution.clone(),
            month: self.month,
            sample: self.sample.clone(),
            violating: Fen::ZERO,
            sampling_rate: Rate::ONE,
            extrapolated: false,
            refused: Fen::ZERO,
            persons: TwoPersons::made_by(&self.call.caller.subject),
        }
    }
}

impl App {
    /// Computes what an inspection comes to and keeps it for another person to confirm.
    pub(crate) async fn record_inspection(&self, command: RecordInspection) -> Result<Inspection, Error> {
        let begun = command.begun(&command.call.area);
        let packs = self.packs.clone();
        self.writer
            .run(command.call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    locked_institution(tx.conn(), area, &begun.institution).await?;
                    let year = packs.year(tx.conn(), area, begun.fund_year).await?;
                    if year.pack.rules(&begun.fund_line).is_none() {
                        return Err(InspectionError::UnknownFundLine { fund_line: begun.fund_line }.into());
                    }
                    in_year(&year, begun.month.first_day())?;
                    not_in_future(tx.conn(), area, begun.month.first_day()).await?;

                    let rules = inspection_rules(&year.pack);
                    let refusal = extrapolate(&begun.sample, &rules)?;

                    let inspection = Inspection {
                        violating: refusal.violating,
                        sampling_rate: refusal.sampling_rate,
                        extrapolated: rules.extrapolated,
                        refused: refusal.refused,
                        ..begun
                    };
                    if !store::inspections::insert(tx.conn(), &inspection).await? {
                        return Err(InspectionError::Exists.into());
                    }
                    Ok(inspection)
                })
            })
            .await
    }
}

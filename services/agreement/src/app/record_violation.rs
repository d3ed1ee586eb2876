use medfund_db::Call;

use super::facts::{in_year, locked_institution, not_in_future};
use super::{App, Error, records};
use crate::domain::inspection::InspectionError;
use crate::domain::pack_rules::spoils_record;
use crate::domain::violation::Violation;

/// Records a violation.
pub(crate) struct RecordViolation {
    pub(crate) call: Call,
    pub(crate) violation: Violation,
}

impl App {
    /// Keeps a violation that another person is to confirm.
    pub(crate) async fn record_violation(&self, command: RecordViolation) -> Result<Violation, Error> {
        let RecordViolation { call, violation } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    locked_institution(tx.conn(), area, &violation.head.institution).await?;
                    let year = packs.year(tx.conn(), area, violation.head.fund_year).await?;
                    let unknown = || InspectionError::UnknownKind { kind: violation.kind.clone() };
                    let spoils_record = spoils_record(&year.pack, &violation.kind).ok_or_else(unknown)?;
                    in_year(&year, violation.occur_date)?;
                    not_in_future(tx.conn(), area, violation.occur_date).await?;

                    let violation = Violation { spoils_record, ..violation };
                    records::keep(tx.conn(), &violation).await?;
                    Ok(violation)
                })
            })
            .await
    }
}

use medfund_db::Call;
use medfund_types::InstitutionCode;

use super::facts::locked_institution;
use super::{App, Error};
use crate::domain::institution::Institution;
use crate::{events, store};

/// Admits an evaluated institution.
pub(crate) struct AdmitInstitution {
    pub(crate) call: Call,
    pub(crate) code: InstitutionCode,
}

impl App {
    /// Admits an institution and announces it.
    pub(crate) async fn admit_institution(&self, command: AdmitInstitution) -> Result<Institution, Error> {
        let AdmitInstitution { call, code } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let evaluated = locked_institution(tx.conn(), area, &code).await?;

                    let admitted = evaluated.admit(&tx.caller().subject)?;

                    store::institutions::update(tx.conn(), &admitted).await?;
                    tx.emit(&events::institution_changed(&admitted)).await?;
                    Ok(admitted)
                })
            })
            .await
    }
}

use medfund_db::Call;
use medfund_types::InstitutionCode;
use uuid::Uuid;

use super::facts::business_date;
use super::{App, Error};
use crate::domain::institution::{Change, Institution, InstitutionError};
use crate::{events, store};

/// Confirms a change that somebody else proposed.
pub(crate) struct ConfirmInstitutionChange {
    pub(crate) call: Call,
    pub(crate) code: InstitutionCode,
    pub(crate) id: Uuid,
}

impl App {
    /// Puts a proposed change into effect and announces it.
    pub(crate) async fn confirm_institution_change(
        &self,
        command: ConfirmInstitutionChange,
    ) -> Result<(Institution, Change), Error> {
        let ConfirmInstitutionChange { call, code, id } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let institution = store::institutions::lock(tx.conn(), area, &code).await?;
                    // The name is a change's: nothing is said of whose it would be.
                    let institution = institution.ok_or(InstitutionError::ChangeNotFound)?;
                    let proposed = store::institution_changes::lock(tx.conn(), area, &code, id).await?;
                    let proposed = proposed.ok_or(InstitutionError::ChangeNotFound)?;
                    let today = business_date(tx.conn(), area).await?;
                    let agreed_for = packs.agreed_for(tx.conn(), area, &code, today).await?;

                    let persons =
                        proposed.persons.confirm(&tx.caller().subject).map_err(InstitutionError::from)?;
                    let changed = institution.changed(&proposed.kind, today, agreed_for)?;
                    let confirmed = Change { persons, ..proposed };

                    store::institution_changes::update_checker(tx.conn(), &confirmed).await?;
                    store::institutions::update(tx.conn(), &changed).await?;
                    if changed.admitter.is_some() {
                        tx.emit(&events::institution_changed(&changed)).await?;
                    }
                    Ok((changed, confirmed))
                })
            })
            .await
    }
}

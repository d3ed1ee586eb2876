use medfund_db::Call;

use super::facts::{business_date, locked_institution};
use super::{App, Error};
use crate::domain::institution::{Change, InstitutionError};
use crate::store;

/// Proposes a change that another person is to confirm.
pub(crate) struct ProposeInstitutionChange {
    pub(crate) call: Call,
    pub(crate) change: Change,
}

impl App {
    /// Keeps a proposal that could take effect today.
    pub(crate) async fn propose_institution_change(
        &self,
        command: ProposeInstitutionChange,
    ) -> Result<Change, Error> {
        let ProposeInstitutionChange { call, change } = command;
        let packs = self.packs.clone();
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let institution = locked_institution(tx.conn(), area, &change.code).await?;
                    let today = business_date(tx.conn(), area).await?;
                    let agreed_for = packs.agreed_for(tx.conn(), area, &change.code, today).await?;

                    institution.changed(&change.kind, today, agreed_for)?;

                    if !store::institution_changes::insert(tx.conn(), &change).await? {
                        return Err(InstitutionError::ChangeExists.into());
                    }
                    Ok(change)
                })
            })
            .await
    }
}

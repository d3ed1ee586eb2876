use medfund_db::Call;

use super::{App, Error};
use crate::domain::institution::{Institution, InstitutionError};
use crate::store;

/// Registers an institution that applies for designation.
pub(crate) struct CreateInstitution {
    pub(crate) call: Call,
    pub(crate) institution: Institution,
}

impl App {
    /// Keeps an applicant.
    pub(crate) async fn create_institution(&self, command: CreateInstitution) -> Result<Institution, Error> {
        let CreateInstitution { call, institution } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    if !store::institutions::insert(tx.conn(), &institution).await? {
                        return Err(InstitutionError::Exists.into());
                    }
                    Ok(institution)
                })
            })
            .await
    }
}

use chrono::NaiveDate;
use medfund_db::Call;
use uuid::Uuid;

use super::{App, Error};
use crate::domain::adoption::{Adoption, AdoptionError};
use crate::domain::scheme::{SchemeError, SchemeHash};
use crate::store;

/// Proposes that a scheme is in force from a day on.
pub(crate) struct ProposeAdoption {
    pub(crate) call: Call,
    pub(crate) id: Uuid,
    pub(crate) scheme: SchemeHash,
    pub(crate) effective_date: NaiveDate,
}

impl App {
    /// Keeps an adoption until somebody else confirms it.
    pub(crate) async fn propose_adoption(&self, command: ProposeAdoption) -> Result<Adoption, Error> {
        let ProposeAdoption { call, id, scheme, effective_date } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let found = store::schemes::find(tx.conn(), area, &scheme).await?;
                    found.ok_or_else(|| SchemeError::NotFound(scheme.clone()))?.if_published()?;
                    let adoption = Adoption {
                        area: area.clone(),
                        id,
                        scheme,
                        effective_date,
                        maker: tx.caller().subject.clone(),
                        create_time: tx.instant(),
                        confirmed: None,
                    };
                    adoption.follows(store::adoptions::latest(tx.conn(), area).await?)?;

                    if !store::adoptions::insert(tx.conn(), &adoption).await? {
                        return Err(AdoptionError::Exists(id).into());
                    }
                    Ok(adoption)
                })
            })
            .await
    }
}

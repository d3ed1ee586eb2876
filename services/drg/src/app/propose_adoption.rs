use chrono::NaiveDate;
use medfund_db::{AsyncPgConnection, Call};
use medfund_types::Area;
use uuid::Uuid;

use super::standing::standing;
use super::{App, Error};
use crate::domain::adoption::{Adopted, Adoption, AdoptionError};
use crate::domain::scheme::SchemeError;
use crate::domain::tariff::TariffError;
use crate::store;

/// Proposes that a scheme or a tariff is in force from a day on.
pub(crate) struct ProposeAdoption {
    pub(crate) call: Call,
    pub(crate) id: Uuid,
    pub(crate) adopted: Adopted,
    pub(crate) effective_date: NaiveDate,
}

impl App {
    /// Keeps an adoption until somebody else confirms it.
    pub(crate) async fn propose_adoption(&self, command: ProposeAdoption) -> Result<Adoption, Error> {
        let ProposeAdoption { call, id, adopted, effective_date } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    if_published(tx.conn(), area, &adopted).await?;
                    let adoption = Adoption {
                        area: area.clone(),
                        id,
                        adopted,
                        effective_date,
                        maker: tx.caller().subject.clone(),
                        create_time: tx.instant(),
                        confirmed: None,
                    };
                    adoption.follows(&standing(tx, &adoption).await?)?;

                    if !store::adoptions::insert(tx.conn(), &adoption).await? {
                        return Err(AdoptionError::Exists(id).into());
                    }
                    Ok(adoption)
                })
            })
            .await
    }
}

async fn if_published(conn: &mut AsyncPgConnection, area: &Area, adopted: &Adopted) -> Result<(), Error> {
    match adopted {
        Adopted::Scheme(hash) => {
            let found = store::schemes::find(conn, area, hash).await?;
            found.ok_or_else(|| SchemeError::NotFound(hash.clone()))?.if_published()?;
        }
        Adopted::Tariff(id) => {
            let found = store::tariffs::find(conn, area, *id).await?;
            found.ok_or(TariffError::NotFound)?.if_published()?;
        }
    }
    Ok(())
}

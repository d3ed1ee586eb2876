use chrono::NaiveDate;

use super::{App, Error, Read};
use crate::domain::adoption::{Adoption, AdoptionError, Kind};
use crate::domain::scheme::{Scheme, SchemeError, SchemeHash};
use crate::store::adoptions::AdoptionKey;
use crate::store::schemes::SchemeKey;
use crate::store::{self, Page};

/// A scheme that is in force, and why.
pub(crate) struct InForce {
    pub(crate) adoption: Adoption,
    pub(crate) scheme: Scheme,
}

impl App {
    /// A scheme with its bytes.
    pub(crate) async fn scheme(&self, read: Read, hash: SchemeHash) -> Result<(Scheme, Vec<u8>), Error> {
        let area = read.area.clone();
        let sees_submitted = read.sees_unpublished();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let scheme = store::schemes::find(conn, &area, &hash).await?;
                    let scheme = scheme.filter(|scheme| sees_submitted || scheme.published.is_some());
                    let content = store::schemes::content(conn, &area, &hash).await?;
                    Ok(scheme.zip(content).ok_or(SchemeError::NotFound(hash))?)
                })
            })
            .await
    }

    pub(crate) async fn schemes(&self, read: Read, page: Page<SchemeKey>) -> Result<Vec<Scheme>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move { Ok(store::schemes::list(conn, &area, &page).await?) })
            })
            .await
    }

    pub(crate) async fn adoptions(
        &self,
        read: Read,
        kind: Kind,
        page: Page<AdoptionKey>,
    ) -> Result<Vec<Adoption>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move { Ok(store::adoptions::list(conn, &area, kind, &page).await?) })
            })
            .await
    }

    pub(crate) async fn scheme_in_force(&self, read: Read, date: NaiveDate) -> Result<InForce, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let adoption = store::adoptions::in_force(conn, &area, Kind::Scheme, date).await?;
                    let adoption = adoption.ok_or(AdoptionError::NoneInForce(date))?;
                    let hash = adoption.adopted.scheme().expect("an adoption of a scheme was asked for");
                    let scheme = store::schemes::find(conn, &area, hash).await?;
                    let scheme = scheme.ok_or_else(|| SchemeError::NotFound(hash.clone()))?;
                    Ok(InForce { adoption, scheme })
                })
            })
            .await
    }
}

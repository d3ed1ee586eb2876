use chrono::NaiveDate;
use medfund_tariff::{Group, GroupCode};
use uuid::Uuid;

use crate::app::{App, Error, Read};
use crate::domain::adoption::{Adoption, Kind, if_groups_by};
use crate::domain::tariff::proposal::Proposal;
use crate::domain::tariff::{Tariff, TariffError, TariffGroup, TariffHash};
use crate::store::tariff_proposals::ProposalKey;
use crate::store::tariffs::TariffKey;
use crate::store::{self, Page};

/// Which tariff is wanted.
pub(crate) enum Wanted {
    Id(Uuid),
    Published(TariffHash),
}

/// A tariff that is in force, and why.
pub(crate) struct TariffInForce {
    pub(crate) adoption: Adoption,
    pub(crate) tariff: Tariff,
}

/// A group of a tariff with its weight's tree.
pub(crate) struct Explained {
    pub(crate) tariff: Tariff,
    pub(crate) group: TariffGroup,
}

impl App {
    /// A tariff, and its bytes if it is published.
    pub(crate) async fn tariff(&self, read: Read, wanted: Wanted) -> Result<(Tariff, Vec<u8>), Error> {
        let area = read.area.clone();
        let sees_drafts = read.sees_unpublished();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let found = match wanted {
                        Wanted::Id(id) => store::tariffs::find(conn, &area, id).await?,
                        Wanted::Published(hash) => store::tariffs::find_published(conn, &area, &hash).await?,
                    };
                    let seen = found.filter(|tariff| sees_drafts || tariff.published.is_some());
                    let tariff = seen.ok_or(TariffError::NotFound)?;
                    let content = store::tariffs::content(conn, &area, tariff.id).await?;
                    Ok((tariff, content.unwrap_or_default()))
                })
            })
            .await
    }

    pub(crate) async fn tariffs(&self, read: Read, page: Page<TariffKey>) -> Result<Vec<Tariff>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move { Ok(store::tariffs::list(conn, &area, &page).await?) })
            })
            .await
    }

    /// A page of a tariff's groups, and the tariff.
    pub(crate) async fn tariff_groups(
        &self,
        read: Read,
        id: Uuid,
        page: Page<String>,
    ) -> Result<(Tariff, Vec<Group>), Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let tariff = store::tariffs::find(conn, &area, id).await?.ok_or(TariffError::NotFound)?;
                    Ok((tariff, store::tariff_groups::list(conn, &area, id, &page).await?))
                })
            })
            .await
    }

    /// A group whose weight has a tree.
    pub(crate) async fn explain_weight(
        &self,
        read: Read,
        id: Uuid,
        code: GroupCode,
    ) -> Result<Explained, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let tariff = store::tariffs::find(conn, &area, id).await?.ok_or(TariffError::NotFound)?;
                    let found = store::tariff_groups::find(conn, &area, id, &code).await?;
                    let group = found.ok_or_else(|| TariffError::GroupNotFound(code.clone()))?;
                    if group.derivation.is_none() {
                        return Err(TariffError::NotDerived(code).into());
                    }
                    Ok(Explained { tariff, group })
                })
            })
            .await
    }

    pub(crate) async fn proposals(
        &self,
        read: Read,
        tariff: Uuid,
        page: Page<ProposalKey>,
    ) -> Result<Vec<Proposal>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    store::tariffs::find(conn, &area, tariff).await?.ok_or(TariffError::NotFound)?;
                    Ok(store::tariff_proposals::list(conn, &area, tariff, &page).await?)
                })
            })
            .await
    }

    pub(crate) async fn tariff_in_force(&self, read: Read, date: NaiveDate) -> Result<TariffInForce, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let adoption = store::adoptions::in_force(conn, &area, Kind::Tariff, date).await?;
                    let adoption = adoption.ok_or(TariffError::NoneInForce(date))?;
                    let id = adoption.adopted.tariff().expect("an adoption of a tariff was asked for");
                    let tariff = store::tariffs::find(conn, &area, id).await?.ok_or(TariffError::NotFound)?;
                    let scheme = store::adoptions::in_force(conn, &area, Kind::Scheme, date).await?;
                    let scheme = scheme.and_then(|adoption| adoption.adopted.scheme().cloned());
                    if_groups_by(&tariff.scheme, scheme.as_ref(), date)?;
                    Ok(TariffInForce { adoption, tariff })
                })
            })
            .await
    }
}

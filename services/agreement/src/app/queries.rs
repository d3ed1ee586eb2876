use medfund_types::{District, FundYear, InstitutionCode};
use uuid::Uuid;

use super::{App, Error, Read};
use crate::domain::agreement::{Agreement, AgreementError};
use crate::domain::error::CommonError;
use crate::domain::institution::{Change, Institution};
use crate::domain::method::InpatientMethod;
use crate::domain::record::RecordError;
use crate::store::records::{Stored, StoredRecord};
use crate::store::{self, Page};

/// What of a fund year to list.
pub(crate) struct OfYear {
    pub(crate) read: Read,
    pub(crate) fund_year: FundYear,
    pub(crate) code: Option<InstitutionCode>,
    pub(crate) page: Page<Uuid>,
}

impl App {
    pub(crate) async fn institution(&self, read: Read, code: InstitutionCode) -> Result<Institution, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let found = store::institutions::find(conn, &area, &code).await?;
                    Ok(found.ok_or(CommonError::InstitutionNotFound)?)
                })
            })
            .await
    }

    pub(crate) async fn institutions(
        &self,
        read: Read,
        district: Option<District>,
        page: Page<String>,
    ) -> Result<Vec<Institution>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    Ok(store::institutions::list(conn, &area, district.as_ref(), &page).await?)
                })
            })
            .await
    }

    pub(crate) async fn institution_changes(
        &self,
        read: Read,
        code: InstitutionCode,
        page: Page<Uuid>,
    ) -> Result<Vec<Change>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(
                    async move { Ok(store::institution_changes::list(conn, &area, &code, &page).await?) },
                )
            })
            .await
    }

    pub(crate) async fn inpatient_methods(
        &self,
        read: Read,
        district: Option<District>,
        page: Page<(String, i32)>,
    ) -> Result<Vec<InpatientMethod>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    Ok(store::inpatient_methods::list(conn, &area, district.as_ref(), &page).await?)
                })
            })
            .await
    }

    pub(crate) async fn agreements(
        &self,
        read: Read,
        fund_year: FundYear,
        code: Option<InstitutionCode>,
        page: Page<(String, Uuid)>,
    ) -> Result<Vec<Agreement>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    Ok(store::agreements::list(conn, &area, fund_year, code.as_ref(), &page).await?)
                })
            })
            .await
    }

    pub(crate) async fn agreement(&self, read: Read, id: Uuid) -> Result<Agreement, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let found = store::agreements::find(conn, &area, id).await?;
                    Ok(found.ok_or(AgreementError::NotFound)?)
                })
            })
            .await
    }

    /// A record that one person made and another confirms.
    pub(crate) async fn record<R: StoredRecord>(&self, read: Read, id: Uuid) -> Result<R, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let found = store::records::find(conn, &area, id).await?;
                    Ok(found.ok_or(RecordError::NotFound(R::KIND))?)
                })
            })
            .await
    }

    /// The rows that a table has of a fund year.
    pub(crate) async fn of_year<R: Stored>(&self, wanted: OfYear) -> Result<Vec<R>, Error> {
        let OfYear { read, fund_year, code, page } = wanted;
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    Ok(store::records::list(conn, &area, fund_year, code.as_ref(), &page).await?)
                })
            })
            .await
    }
}

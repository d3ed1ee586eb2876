use medfund_types::{District, FundYear, InstitutionCode};
use uuid::Uuid;

use super::{App, Error, Read};
use crate::domain::agreement::{Agreement, AgreementError};
use crate::domain::conduct::CleanRecord;
use crate::domain::error::{AssessmentError, CommonError, Record};
use crate::domain::indicators::Assessment;
use crate::domain::inspection::{Inspection, InspectionError};
use crate::domain::institution::{Change, Institution};
use crate::domain::method::InpatientMethod;
use crate::domain::report::{Disclosure, MonthlyReport};
use crate::domain::review::Review;
use crate::domain::violation::Violation;
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

    pub(crate) async fn violation(&self, read: Read, id: Uuid) -> Result<Violation, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let found = store::violations::find(conn, &area, id).await?;
                    Ok(found.ok_or(InspectionError::ViolationNotFound)?)
                })
            })
            .await
    }

    pub(crate) async fn inspection(&self, read: Read, id: Uuid) -> Result<Inspection, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let found = store::inspections::find(conn, &area, id).await?;
                    Ok(found.ok_or(InspectionError::NotFound)?)
                })
            })
            .await
    }

    pub(crate) async fn review(&self, read: Read, id: Uuid) -> Result<Review, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let found = store::reviews::find(conn, &area, id).await?;
                    Ok(found.ok_or(AssessmentError::NotFound(Record::Review))?)
                })
            })
            .await
    }

    pub(crate) async fn indicators(&self, read: Read, id: Uuid) -> Result<Assessment, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let found = store::indicator_assessments::find(conn, &area, id).await?;
                    Ok(found.ok_or(AssessmentError::NotFound(Record::Indicators))?)
                })
            })
            .await
    }

    pub(crate) async fn violations(&self, wanted: OfYear) -> Result<Vec<Violation>, Error> {
        let OfYear { read, fund_year, code, page } = wanted;
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    Ok(store::violations::list(conn, &area, fund_year, code.as_ref(), &page).await?)
                })
            })
            .await
    }

    pub(crate) async fn inspections(&self, wanted: OfYear) -> Result<Vec<Inspection>, Error> {
        let OfYear { read, fund_year, code, page } = wanted;
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    Ok(store::inspections::list(conn, &area, fund_year, code.as_ref(), &page).await?)
                })
            })
            .await
    }

    pub(crate) async fn reviews(&self, wanted: OfYear) -> Result<Vec<Review>, Error> {
        let OfYear { read, fund_year, code, page } = wanted;
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    Ok(store::reviews::list(conn, &area, fund_year, code.as_ref(), &page).await?)
                })
            })
            .await
    }

    pub(crate) async fn indicator_assessments(&self, wanted: OfYear) -> Result<Vec<Assessment>, Error> {
        let OfYear { read, fund_year, code, page } = wanted;
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    Ok(store::indicator_assessments::list(conn, &area, fund_year, code.as_ref(), &page)
                        .await?)
                })
            })
            .await
    }

    pub(crate) async fn clean_records(&self, wanted: OfYear) -> Result<Vec<CleanRecord>, Error> {
        let OfYear { read, fund_year, code, page } = wanted;
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    Ok(store::clean_records::list(conn, &area, fund_year, code.as_ref(), &page).await?)
                })
            })
            .await
    }

    pub(crate) async fn monthly_reports(&self, wanted: OfYear) -> Result<Vec<MonthlyReport>, Error> {
        let OfYear { read, fund_year, code, page } = wanted;
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    Ok(store::monthly_reports::list(conn, &area, fund_year, code.as_ref(), &page).await?)
                })
            })
            .await
    }

    pub(crate) async fn disclosures(&self, wanted: OfYear) -> Result<Vec<Disclosure>, Error> {
        let OfYear { read, fund_year, code, page } = wanted;
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    Ok(store::disclosures::list(conn, &area, fund_year, code.as_ref(), &page).await?)
                })
            })
            .await
    }
}

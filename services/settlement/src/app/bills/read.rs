use futures::Stream;
use medfund_db::Caller;
use medfund_types::{Area, InstitutionCode, SettlementMonth};
use uuid::Uuid;

use super::{BillError, Bills};
use crate::domain::upload::{Upload, UploadError};
use crate::store::bills::StoredBill;
use crate::store::upload_errors::StoredError;
use crate::store::{bill_months, bills, upload_errors, uploads};

/// Bills of one message of an export.
const EXPORT_PAGE: usize = 1_000;

/// Which of an institution's bills of a month are read.
#[derive(Clone, Debug)]
pub struct BillPage {
    /// The area.
    pub area: Area,
    /// The institution.
    pub institution: InstitutionCode,
    /// The month.
    pub month: SettlementMonth,
    /// The settlement id before the first one; empty at the beginning.
    pub after: String,
    /// How many at most.
    pub limit: usize,
}

impl Bills {
    /// Reads an upload.
    ///
    /// # Errors
    ///
    /// [`UploadError::NotFound`].
    pub async fn find_upload(
        &self,
        caller: &Caller,
        area: &Area,
        upload_id: Uuid,
    ) -> Result<Upload, BillError> {
        let key = area.clone();
        self.reader
            .run(caller, area, move |conn| {
                Box::pin(async move {
                    Ok(uploads::find(conn, &key, upload_id).await?.ok_or(UploadError::NotFound)?)
                })
            })
            .await
    }

    /// Lists errors of an upload after a line and ordinal.
    ///
    /// # Errors
    ///
    /// [`UploadError::NotFound`].
    pub async fn list_upload_errors(
        &self,
        caller: &Caller,
        area: &Area,
        upload_id: Uuid,
        after: (i64, i16),
        limit: usize,
    ) -> Result<Vec<StoredError>, BillError> {
        let key = area.clone();
        self.reader
            .run(caller, area, move |conn| {
                Box::pin(async move {
                    uploads::find(conn, &key, upload_id).await?.ok_or(UploadError::NotFound)?;
                    Ok(upload_errors::list(conn, &key, upload_id, after, as_limit(limit)).await?)
                })
            })
            .await
    }

    /// Reads a bill.
    ///
    /// # Errors
    ///
    /// [`UploadError::BillNotFound`].
    pub async fn find_bill(
        &self,
        caller: &Caller,
        area: &Area,
        institution: InstitutionCode,
        setl_id: String,
    ) -> Result<StoredBill, BillError> {
        let key = area.clone();
        self.reader
            .run(caller, area, move |conn| {
                Box::pin(async move {
                    let found = bills::find(conn, &key, &institution, &setl_id).await?;
                    Ok(found.ok_or(UploadError::BillNotFound)?)
                })
            })
            .await
    }

    /// Lists bills of an institution and month by settlement id.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn list_bills(&self, caller: &Caller, page: BillPage) -> Result<Vec<StoredBill>, BillError> {
        let area = page.area.clone();
        self.reader
            .run(caller, &area, move |conn| {
                Box::pin(async move {
                    let BillPage { area, institution, month, after, limit } = page;
                    Ok(bills::list(conn, &area, &institution, month, &after, as_limit(limit)).await?)
                })
            })
            .await
    }

    /// Reads all bills of a month, of one institution or of all, page by page.
    pub fn export_bills(
        &self,
        caller: Caller,
        area: Area,
        institution: Option<InstitutionCode>,
        month: SettlementMonth,
    ) -> impl Stream<Item = Result<Vec<StoredBill>, BillError>> + Send + 'static {
        let export = Export {
            bills: self.clone(),
            caller,
            area,
            month,
            rest: None,
            only: institution,
            after: String::new(),
        };
        futures::stream::try_unfold(export, Export::next)
    }

    async fn institutions(
        &self,
        caller: &Caller,
        area: &Area,
        month: SettlementMonth,
    ) -> Result<Vec<InstitutionCode>, BillError> {
        let key = area.clone();
        self.reader
            .run(caller, area, move |conn| {
                Box::pin(async move { Ok(bill_months::list_institutions(conn, &key, month).await?) })
            })
            .await
    }
}

/// Where an export stands.
struct Export {
    bills: Bills,
    caller: Caller,
    area: Area,
    month: SettlementMonth,
    only: Option<InstitutionCode>,
    /// The institutions still to be read, the last one first; `None` before the first page.
    rest: Option<Vec<InstitutionCode>>,
    after: String,
}

impl Export {
    async fn next(mut self) -> Result<Option<(Vec<StoredBill>, Self)>, BillError> {
        let mut rest = match (self.rest.take(), self.only.take()) {
            (Some(rest), _) => rest,
            (None, Some(only)) => vec![only],
            (None, None) => {
                let mut all = self.bills.institutions(&self.caller, &self.area, self.month).await?;
                all.reverse();
                all
            }
        };
        while let Some(institution) = rest.last() {
            let page = BillPage {
                area: self.area.clone(),
                institution: institution.clone(),
                month: self.month,
                after: std::mem::take(&mut self.after),
                limit: EXPORT_PAGE,
            };
            let bills = self.bills.list_bills(&self.caller, page).await?;
            match bills.last() {
                Some(last) if bills.len() == EXPORT_PAGE => self.after.clone_from(&last.line.setl_id),
                Some(_) | None => {
                    rest.pop();
                }
            }
            if !bills.is_empty() {
                return Ok(Some((bills, Self { rest: Some(rest), ..self })));
            }
        }
        Ok(None)
    }
}

fn as_limit(limit: usize) -> i64 {
    i64::try_from(limit).expect("a page is bounded")
}

use medfund_types::FundYear;

use super::CaseKey;
use crate::app::{Error, Page, Read, Settlement};
use crate::domain::special_case::SpecialCaseError;
use crate::store;
use crate::store::experts::ExpertRow;
use crate::store::special_cases::SpecialCaseRow;

impl Settlement {
    /// A case that the caller may see.
    pub(crate) async fn special_case(&self, read: Read, key: CaseKey) -> Result<SpecialCaseRow, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let CaseKey { institution, setl_id } = &key;
                    let found = store::special_cases::find(conn, &area, institution, setl_id).await?;
                    Ok(found.ok_or(SpecialCaseError::NotFound)?)
                })
            })
            .await
    }

    /// A page of a fund year's cases that the caller may see, by institution and settlement id.
    pub(crate) async fn special_cases(
        &self,
        read: Read,
        fund_year: FundYear,
        page: Page<(String, String)>,
    ) -> Result<Vec<SpecialCaseRow>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let limit = page.limit();
                    let (institution, setl_id) = page.after.unwrap_or_default();
                    let after = (institution.as_str(), setl_id.as_str());
                    Ok(store::special_cases::list(conn, &area, fund_year, after, limit).await?)
                })
            })
            .await
    }

    /// A page of the area's experts, by id.
    pub(crate) async fn experts(&self, read: Read, page: Page<String>) -> Result<Vec<ExpertRow>, Error> {
        let area = read.area.clone();
        self.reader
            .run(&read.caller, &read.area, move |conn| {
                Box::pin(async move {
                    let limit = page.limit();
                    let after = page.after.unwrap_or_default();
                    Ok(store::experts::list(conn, &area, &after, limit).await?)
                })
            })
            .await
    }
}

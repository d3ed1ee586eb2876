//! Cases that are reviewed singly: one command a file.

pub(crate) mod answer;
pub(crate) mod decide;
pub(crate) mod experts;
pub(crate) mod file;
pub(crate) mod propose;
mod queries;
pub(crate) mod record_opinion;

use medfund_db::Tx;
use medfund_types::{Area, InstitutionCode};

use super::Error;
use super::answer_statement::check_version;
use crate::domain::SettlementError;
use crate::domain::accounts::Pot;
use crate::domain::clearing::ClearingState;
use crate::domain::special_case::{Review, SpecialCaseError};
use crate::store;
use crate::store::special_cases::SpecialCaseRow;

/// A case by its institution and settlement id.
#[derive(Clone, Debug)]
pub(crate) struct CaseKey {
    pub(crate) institution: InstitutionCode,
    pub(crate) setl_id: String,
}

impl CaseKey {
    /// Its resource name.
    pub(crate) fn name(&self, area: &Area) -> String {
        format!("areas/{area}/institutions/{}/specialCases/{}", self.institution, self.setl_id)
    }
}

/// Reads a case as the caller read it, if the caller tells, and locks its row until the transaction ends.
async fn lock(
    tx: &mut Tx<'_>,
    key: &CaseKey,
    expected_version: Option<i64>,
) -> Result<SpecialCaseRow, Error> {
    let area = tx.area().clone();
    let row = store::special_cases::lock(tx.conn(), &area, &key.institution, &key.setl_id).await?;
    let row = row.ok_or(SpecialCaseError::NotFound)?;
    if let Some(expected) = expected_version {
        check_version(row.version, expected)?;
    }
    Ok(row)
}

/// Stores how far the review of a case has come.
async fn save(tx: &mut Tx<'_>, row: SpecialCaseRow, review: Review) -> Result<SpecialCaseRow, Error> {
    let version = row.version + 1;
    let row = SpecialCaseRow { version, update_time: tx.instant(), ..row.with(review) };
    store::special_cases::update(tx.conn(), &row).await?;
    Ok(row)
}

/// Refuses if the year is cleared; it is not cleared until the transaction ends.
async fn hold_open(tx: &mut Tx<'_>, pot: &Pot) -> Result<(), Error> {
    let area = tx.area().clone();
    let clearing = store::clearings::lock_shared(tx.conn(), &area, pot).await?;
    match clearing {
        Some(clearing) if clearing.state == ClearingState::Approved => {
            Err(SettlementError::YearCleared.into())
        }
        Some(_) | None => Ok(()),
    }
}

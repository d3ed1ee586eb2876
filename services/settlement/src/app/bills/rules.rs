use std::sync::Arc;

use diesel_async::AsyncPgConnection;
use medfund_db::Caller;
use medfund_policy::{Pack, PackHash};
use medfund_types::{Area, FundYear, SettlementMonth};
use uuid::Uuid;

use super::{BillError, Bills};
use crate::domain::bills::BillCodes;
use crate::domain::upload::UploadError;
use crate::store::{calendars, fund_years, packs, uploads};

/// Checks that a month may have bills: its fund year is open and the calendar has reached it.
pub(super) async fn check_month(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
) -> Result<(), BillError> {
    let business_date = calendars::find(conn, area).await?.ok_or(UploadError::CalendarNotOpen)?;
    if business_date < month.first_day() {
        return Err(UploadError::MonthInFuture { month, business_date }.into());
    }
    pack_hash(conn, area, month).await.map(drop)
}

async fn pack_hash(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
) -> Result<String, BillError> {
    let fund_year = FundYear::try_from(month.year()).expect("a month of this century");
    let opened = fund_years::find(conn, area, fund_year).await?;
    Ok(opened.ok_or(UploadError::FundYearNotOpen(fund_year))?.pack_hash)
}

impl Bills {
    /// Reads the codes by which an upload's lines are checked: those of its fund year's pack.
    ///
    /// # Errors
    ///
    /// [`UploadError::NotFound`], [`UploadError::FundYearNotOpen`].
    pub async fn codes_of(
        &self,
        caller: &Caller,
        area: &Area,
        upload_id: Uuid,
    ) -> Result<Arc<BillCodes>, BillError> {
        let (bills, key) = (self.clone(), area.clone());
        self.reader
            .run(caller, area, move |conn| {
                Box::pin(async move {
                    let upload = uploads::find(conn, &key, upload_id).await?.ok_or(UploadError::NotFound)?;
                    let hash = pack_hash(conn, &key, upload.month).await?;
                    if let Some(codes) = bills.known_codes(&hash) {
                        return Ok(codes);
                    }
                    let bytes = packs::content(conn, &key, &hash).await?;
                    bills.learn_codes(hash, &bytes.unwrap_or_default())
                })
            })
            .await
    }

    fn known_codes(&self, hash: &str) -> Option<Arc<BillCodes>> {
        let known = self.codes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        known.iter().find(|(other, _)| other == hash).map(|(_, codes)| Arc::clone(codes))
    }

    fn learn_codes(&self, hash: String, bytes: &[u8]) -> Result<Arc<BillCodes>, BillError> {
        if PackHash::of(bytes).to_string() != hash {
            return Err(BillError::Pack(hash));
        }
        let pack = Pack::parse(bytes).map_err(|_| BillError::Pack(hash.clone()))?;
        let codes = Arc::new(BillCodes::from(&pack));
        let mut known = self.codes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        known.push((hash, Arc::clone(&codes)));
        Ok(codes)
    }
}

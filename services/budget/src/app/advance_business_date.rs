use chrono::NaiveDate;
use medfund_db::{Call, DbError, Tx};
use medfund_proto::budget::v1::BusinessDateAdvanced;
use medfund_server::convert::date_to_pb;

use super::{App, Error};
use crate::domain::calendar::{Calendar, CalendarError};
use crate::store;

/// Advances an area's business date.
pub(crate) struct AdvanceBusinessDate {
    pub(crate) call: Call,
    pub(crate) business_date: NaiveDate,
}

impl App {
    /// Advances the business date and announces it, or does neither.
    pub(crate) async fn advance_business_date(
        &self,
        command: AdvanceBusinessDate,
    ) -> Result<Calendar, Error> {
        let AdvanceBusinessDate { call, business_date } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    let before =
                        store::calendars::lock(tx.conn(), area).await?.ok_or(CalendarError::NotFound)?;

                    let after = before.advance(business_date)?;

                    let instant = tx.instant();
                    store::calendars::update(tx.conn(), &after, instant).await?;
                    announce(tx, &after).await?;
                    Ok(after)
                })
            })
            .await
    }
}

/// Tells the other services of the business date.
pub(super) async fn announce(tx: &mut Tx<'_>, calendar: &Calendar) -> Result<(), DbError> {
    tx.emit(&BusinessDateAdvanced { business_date: Some(date_to_pb(calendar.business_date)) }).await
}

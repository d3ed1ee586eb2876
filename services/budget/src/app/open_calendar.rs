use chrono::NaiveDate;
use medfund_db::Call;

use super::advance_business_date::announce;
use super::{App, Error};
use crate::domain::calendar::{Calendar, CalendarError};
use crate::store;

/// Opens an area's fund calendar at a date.
pub(crate) struct OpenCalendar {
    pub(crate) call: Call,
    pub(crate) business_date: NaiveDate,
}

impl App {
    /// Opens the calendar and announces its date.
    pub(crate) async fn open_calendar(&self, command: OpenCalendar) -> Result<Calendar, Error> {
        let OpenCalendar { call, business_date } = command;
        self.writer
            .run(call, move |tx| {
                Box::pin(async move {
                    let area = tx.area();
                    if store::calendars::lock(tx.conn(), area).await?.is_some() {
                        return Err(CalendarError::Exists.into());
                    }
                    let calendar = Calendar { area: area.clone(), business_date };
                    let instant = tx.instant();
                    store::calendars::insert(tx.conn(), &calendar, instant).await?;
                    announce(tx, &calendar).await?;
                    Ok(calendar)
                })
            })
            .await
    }
}

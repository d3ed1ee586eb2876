use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::Area;

use super::schema::calendars;
use crate::domain::calendar::Calendar;

/// Reads an area's calendar.
pub(crate) async fn find(conn: &mut AsyncPgConnection, area: &Area) -> QueryResult<Option<Calendar>> {
    let date = calendars::table.find(area.as_str()).select(calendars::business_date);
    Ok(calendar(area, date.first(conn).await.optional()?))
}

/// Reads an area's calendar and locks its row until the caller's transaction ends.
pub(crate) async fn lock(conn: &mut AsyncPgConnection, area: &Area) -> QueryResult<Option<Calendar>> {
    let date = calendars::table.find(area.as_str()).select(calendars::business_date).for_update();
    Ok(calendar(area, date.first(conn).await.optional()?))
}

fn calendar(area: &Area, date: Option<NaiveDate>) -> Option<Calendar> {
    date.map(|business_date| Calendar { area: area.clone(), business_date })
}

/// Writes a new calendar.
pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    calendar: &Calendar,
    instant: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::insert_into(calendars::table)
        .values((
            calendars::area.eq(calendar.area.as_str()),
            calendars::business_date.eq(calendar.business_date),
            calendars::update_time.eq(instant),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes a calendar's new date.
pub(crate) async fn update(
    conn: &mut AsyncPgConnection,
    calendar: &Calendar,
    instant: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::update(calendars::table.find(calendar.area.as_str()))
        .set((calendars::business_date.eq(calendar.business_date), calendars::update_time.eq(instant)))
        .execute(conn)
        .await?;
    Ok(())
}

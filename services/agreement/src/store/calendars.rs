use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::Area;

use super::schema::calendars;

/// Sets the area's business date.
pub(crate) async fn set(conn: &mut AsyncPgConnection, area: &Area, date: NaiveDate) -> Result<(), DbError> {
    diesel::insert_into(calendars::table)
        .values((calendars::area.eq(area.as_str()), calendars::business_date.eq(date)))
        .on_conflict(calendars::area)
        .do_update()
        .set(calendars::business_date.eq(date))
        .execute(conn)
        .await?;
    Ok(())
}

/// The area's business date, if it was heard of.
pub(crate) async fn find(conn: &mut AsyncPgConnection, area: &Area) -> Result<Option<NaiveDate>, DbError> {
    let found = calendars::table.find(area.as_str()).select(calendars::business_date);
    Ok(found.first(conn).await.optional()?)
}

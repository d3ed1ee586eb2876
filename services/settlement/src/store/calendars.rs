use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::Area;
use serde::{Deserialize, Serialize};

use super::schema::calendars;

/// The area's business date.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = calendars)]
pub(crate) struct CalendarRow {
    pub(crate) area: Area,
    pub(crate) business_date: NaiveDate,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &CalendarRow) -> QueryResult<()> {
    diesel::insert_into(calendars::table)
        .values(row)
        .on_conflict(calendars::area)
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads the area's business date.
pub(crate) async fn find(conn: &mut AsyncPgConnection, area: &Area) -> QueryResult<Option<NaiveDate>> {
    calendars::table.find(area.as_str()).select(calendars::business_date).first(conn).await.optional()
}

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::Area;
use serde::{Deserialize, Serialize};

use super::schema::drg_adoptions;
use crate::domain::DrgKind;

/// A scheme or tariff that is in force from a day on.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = drg_adoptions)]
pub(crate) struct DrgAdoptionRow {
    pub(crate) area: Area,
    pub(crate) kind: DrgKind,
    pub(crate) effective_date: NaiveDate,
    pub(crate) content_hash: String,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &DrgAdoptionRow) -> QueryResult<()> {
    diesel::insert_into(drg_adoptions::table)
        .values(row)
        .on_conflict((drg_adoptions::area, drg_adoptions::kind, drg_adoptions::effective_date))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Lists the adoptions of a kind that are in force on some day up to `last`, by first day.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    kind: DrgKind,
    last: NaiveDate,
) -> QueryResult<Vec<DrgAdoptionRow>> {
    drg_adoptions::table
        .filter(drg_adoptions::area.eq(area))
        .filter(drg_adoptions::kind.eq(kind))
        .filter(drg_adoptions::effective_date.le(last))
        .order(drg_adoptions::effective_date)
        .select(DrgAdoptionRow::as_select())
        .load(conn)
        .await
}

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, InstitutionCode};
use serde::{Deserialize, Serialize};

use super::schema::experts;

/// An expert who may hear special cases.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = experts)]
pub(crate) struct ExpertRow {
    pub(crate) area: Area,
    pub(crate) expert: String,
    pub(crate) institution_code: Option<InstitutionCode>,
    pub(crate) specialty: String,
    pub(crate) registered_by: String,
    pub(crate) create_time: DateTime<Utc>,
    pub(crate) retire_time: Option<DateTime<Utc>>,
}

/// Inserts what is new.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, row: &ExpertRow) -> QueryResult<()> {
    diesel::insert_into(experts::table).values(row).execute(conn).await?;
    Ok(())
}

/// Reads an expert and locks the row until the transaction ends.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    expert: &str,
) -> QueryResult<Option<ExpertRow>> {
    let found = experts::table.find((area.as_str(), expert));
    found.select(ExpertRow::as_select()).for_update().first(conn).await.optional()
}

/// Stores when an expert left.
pub(crate) async fn update(conn: &mut AsyncPgConnection, row: &ExpertRow) -> QueryResult<()> {
    diesel::update(experts::table.find((&row.area, &row.expert)))
        .set(experts::retire_time.eq(row.retire_time))
        .execute(conn)
        .await?;
    Ok(())
}

/// Lists the area's experts after `after`, by id.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    after: &str,
    limit: i64,
) -> QueryResult<Vec<ExpertRow>> {
    experts::table
        .filter(experts::area.eq(area.as_str()))
        .filter(experts::expert.gt(after.to_owned()))
        .order(experts::expert)
        .limit(limit)
        .select(ExpertRow::as_select())
        .load(conn)
        .await
}

/// Lists the area's experts who may be drawn, by id.
pub(crate) async fn list_active(conn: &mut AsyncPgConnection, area: &Area) -> QueryResult<Vec<ExpertRow>> {
    experts::table
        .filter(experts::area.eq(area.as_str()))
        .filter(experts::retire_time.is_null())
        .order(experts::expert)
        .select(ExpertRow::as_select())
        .load(conn)
        .await
}

use diesel::prelude::*;
use diesel::sql_types::{Array, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_tariff::{Group, GroupCode};
use medfund_types::Area;
use serde_json::Value;
use uuid::Uuid;

use super::schema::tariff_groups;
use super::{Page, from_json, to_json};
use crate::domain::tariff::TariffGroup;

#[derive(Queryable, Selectable)]
#[diesel(table_name = tariff_groups)]
struct GroupRow {
    entry: Value,
    made: Option<Value>,
    derivation: Option<Value>,
}

fn from_row(row: GroupRow) -> Result<TariffGroup, DbError> {
    Ok(TariffGroup {
        group: from_json(row.entry)?,
        made: row.made.map(from_json).transpose()?,
        derivation: row.derivation.map(from_json).transpose()?,
    })
}

/// Reads a group of a tariff.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    tariff: Uuid,
    group: &GroupCode,
) -> Result<Option<TariffGroup>, DbError> {
    let found = tariff_groups::table.find((area.as_str(), tariff, group.as_str()));
    found.select(GroupRow::as_select()).first(conn).await.optional()?.map(from_row).transpose()
}

/// Lists groups by code, one more than the page holds.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    tariff: Uuid,
    page: &Page<String>,
) -> Result<Vec<Group>, DbError> {
    let entries = tariff_groups::table
        .filter(tariff_groups::area.eq(area.as_str()))
        .filter(tariff_groups::tariff_id.eq(tariff))
        .filter(tariff_groups::drg.gt(page.after.clone().unwrap_or_default()))
        .order(tariff_groups::drg)
        .limit(page.limit())
        .select(tariff_groups::entry)
        .load::<Value>(conn)
        .await?;
    entries.into_iter().map(from_json).collect()
}

/// Reads all groups of a tariff, by code.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn all(
    conn: &mut AsyncPgConnection,
    area: &Area,
    tariff: Uuid,
) -> Result<Vec<TariffGroup>, DbError> {
    let rows = tariff_groups::table
        .filter(tariff_groups::area.eq(area.as_str()))
        .filter(tariff_groups::tariff_id.eq(tariff))
        .order(tariff_groups::drg)
        .select(GroupRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// Writes the groups of a new tariff: one statement, an array for each column.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    area: &Area,
    tariff: Uuid,
    groups: &[TariffGroup],
) -> Result<(), DbError> {
    let optional = |of: fn(&TariffGroup) -> Option<Value>| groups.iter().map(of).collect::<Vec<_>>();
    diesel::sql_query(
        "INSERT INTO tariff_groups (area, tariff_id, drg, entry, made, derivation) \
         SELECT $1, $2, * FROM unnest($3, $4, $5, $6)",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<SqlUuid, _>(tariff)
    .bind::<Array<Text>, _>(groups.iter().map(|group| group.group.code.as_str()).collect::<Vec<_>>())
    .bind::<Array<Jsonb>, _>(groups.iter().map(|group| to_json(&group.group)).collect::<Vec<_>>())
    .bind::<Array<Nullable<Jsonb>>, _>(optional(|group| group.made.as_ref().map(to_json)))
    .bind::<Array<Nullable<Jsonb>>, _>(optional(|group| group.derivation.as_ref().map(to_json)))
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes a negotiated group.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn update(
    conn: &mut AsyncPgConnection,
    area: &Area,
    tariff: Uuid,
    group: &TariffGroup,
) -> Result<(), DbError> {
    diesel::update(tariff_groups::table.find((area.as_str(), tariff, group.group.code.as_str())))
        .set((
            tariff_groups::entry.eq(to_json(&group.group)),
            tariff_groups::derivation.eq(group.derivation.as_ref().map(to_json)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

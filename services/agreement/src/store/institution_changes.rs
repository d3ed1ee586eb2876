use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::{Area, InstitutionCode};
use serde_json::Value;
use uuid::Uuid;

use super::schema::institution_changes;
use super::{Page, from_json, made, read, to_json};
use crate::domain::institution::Change;
use crate::domain::two_persons::TwoPersons;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = institution_changes)]
struct ChangeRow {
    area: String,
    change_id: Uuid,
    institution_code: String,
    kind: Value,
    reason: String,
    maker: String,
    checker: Option<String>,
}

fn change(row: ChangeRow) -> Result<Change, DbError> {
    Ok(Change {
        area: read(row.area)?,
        id: row.change_id,
        code: read(row.institution_code)?,
        kind: from_json(row.kind)?,
        reason: row.reason,
        persons: TwoPersons { maker: row.maker, checker: row.checker },
    })
}

/// Adds a change; `false` if its id is taken.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, new: &Change) -> Result<bool, DbError> {
    let row = ChangeRow {
        area: new.area.to_string(),
        change_id: new.id,
        institution_code: new.code.to_string(),
        kind: to_json(&new.kind),
        reason: new.reason.clone(),
        maker: new.persons.maker.clone(),
        checker: new.persons.checker.clone(),
    };
    let insert = diesel::insert_into(institution_changes::table).values(row).on_conflict_do_nothing();
    made(insert.execute(conn).await)
}

/// Writes who confirmed a change.
pub(crate) async fn update_checker(conn: &mut AsyncPgConnection, after: &Change) -> Result<(), DbError> {
    diesel::update(institution_changes::table.find((after.area.as_str(), after.id)))
        .set(institution_changes::checker.eq(&after.persons.checker))
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads a change of an institution and locks its row until the caller's transaction ends.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    code: &InstitutionCode,
    id: Uuid,
) -> Result<Option<Change>, DbError> {
    let found = institution_changes::table
        .find((area.as_str(), id))
        .filter(institution_changes::institution_code.eq(code.as_str()))
        .select(ChangeRow::as_select())
        .for_update();
    found.first(conn).await.optional()?.map(change).transpose()
}

/// The changes of an institution by id, one more than the page holds.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    code: &InstitutionCode,
    page: &Page<Uuid>,
) -> Result<Vec<Change>, DbError> {
    let rows: Vec<ChangeRow> = institution_changes::table
        .filter(institution_changes::area.eq(area.as_str()))
        .filter(institution_changes::institution_code.eq(code.as_str()))
        .filter(institution_changes::change_id.gt(page.after.unwrap_or_default()))
        .select(ChangeRow::as_select())
        .order(institution_changes::change_id)
        .limit(page.limit())
        .load(conn)
        .await?;
    rows.into_iter().map(change).collect()
}

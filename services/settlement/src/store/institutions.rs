use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, District, InstitutionCode};
use serde::{Deserialize, Serialize};

use super::schema::institutions;

/// An institution.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = institutions)]
pub(crate) struct InstitutionRow {
    pub(crate) area: Area,
    pub(crate) institution_code: InstitutionCode,
    pub(crate) display_name: String,
    pub(crate) district: District,
    pub(crate) level: i32,
    pub(crate) institution_class: String,
    pub(crate) is_primary: bool,
    pub(crate) active: bool,
}

/// Keeps what is known now, in place of what was known before.
pub(crate) async fn save(conn: &mut AsyncPgConnection, row: &InstitutionRow) -> QueryResult<()> {
    diesel::insert_into(institutions::table)
        .values(row)
        .on_conflict((institutions::area, institutions::institution_code))
        .do_update()
        .set(row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads an institution.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    institution: &InstitutionCode,
) -> QueryResult<Option<InstitutionRow>> {
    let found = institutions::table.find((area, institution));
    found.select(InstitutionRow::as_select()).first(conn).await.optional()
}

/// Locks an institution's row until the transaction ends.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    institution: &InstitutionCode,
) -> QueryResult<Option<InstitutionRow>> {
    let found = institutions::table.find((area, institution));
    found.select(InstitutionRow::as_select()).for_update().first(conn).await.optional()
}

/// Lists the institutions of the area, or of one district of it, by code.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    district: Option<&District>,
) -> QueryResult<Vec<InstitutionRow>> {
    let mut all = institutions::table.filter(institutions::area.eq(area.as_str())).into_boxed();
    if let Some(district) = district {
        all = all.filter(institutions::district.eq(district.clone()));
    }
    all.order(institutions::institution_code).select(InstitutionRow::as_select()).load(conn).await
}

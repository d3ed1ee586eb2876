use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, District, InstitutionCode};

use super::held;
use super::schema::institutions;
use crate::domain::quota::Institution;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = institutions)]
#[diesel(primary_key(area, institution_code))]
#[diesel(treat_none_as_null = true)]
struct InstitutionRow {
    area: String,
    institution_code: String,
    display_name: String,
    district: String,
    level: i32,
    institution_class: String,
    is_primary: bool,
    active: bool,
}

impl From<InstitutionRow> for Institution {
    fn from(row: InstitutionRow) -> Self {
        Self {
            code: held(row.institution_code.parse()),
            display_name: row.display_name,
            district: held(row.district.parse()),
            level: row.level,
            class: row.institution_class,
            primary: row.is_primary,
            active: row.active,
        }
    }
}

impl InstitutionRow {
    fn of(area: &Area, value: &Institution) -> Self {
        Self {
            area: area.to_string(),
            institution_code: value.code.to_string(),
            display_name: value.display_name.clone(),
            district: value.district.to_string(),
            level: value.level,
            institution_class: value.class.clone(),
            is_primary: value.primary,
            active: value.active,
        }
    }
}

/// Reads an institution.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    code: &InstitutionCode,
) -> QueryResult<Option<Institution>> {
    let found = institutions::table.find((area.as_str(), code.as_str())).select(InstitutionRow::as_select());
    Ok(found.first(conn).await.optional()?.map(Institution::from))
}

/// Lists a district's institutions that may be paid for new care, by code.
pub(crate) async fn list_active(
    conn: &mut AsyncPgConnection,
    area: &Area,
    district: &District,
) -> QueryResult<Vec<Institution>> {
    let of_district = institutions::area
        .eq(area.as_str())
        .and(institutions::district.eq(district.as_str()))
        .and(institutions::active);
    let rows: Vec<InstitutionRow> = institutions::table
        .filter(of_district)
        .order(institutions::institution_code)
        .select(InstitutionRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Institution::from).collect())
}

/// Writes what `agreement` told of an institution, in the place of what it told before.
pub(crate) async fn put(conn: &mut AsyncPgConnection, area: &Area, value: &Institution) -> QueryResult<()> {
    let row = InstitutionRow::of(area, value);
    diesel::insert_into(institutions::table)
        .values(&row)
        .on_conflict((institutions::area, institutions::institution_code))
        .do_update()
        .set(&row)
        .execute(conn)
        .await?;
    Ok(())
}

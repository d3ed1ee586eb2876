use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::{Area, District};
use uuid::Uuid;

use super::schema::inpatient_methods;
use super::{Page, damaged, read};
use crate::domain::method::InpatientMethod;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = inpatient_methods)]
struct MethodRow {
    area: String,
    district: String,
    from_fund_year: i32,
    method: String,
    locked_through_fund_year: i32,
    decision_id: Uuid,
}

fn method(row: MethodRow) -> Result<InpatientMethod, DbError> {
    Ok(InpatientMethod {
        area: read(row.area)?,
        district: read(row.district)?,
        from_fund_year: read(row.from_fund_year)?,
        method: row.method.parse().map_err(damaged)?,
        locked_through: read(row.locked_through_fund_year)?,
        decision: row.decision_id,
    })
}

/// Adds a district's method. The key lets one of two concurrent ones through.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, new: &InpatientMethod) -> Result<(), DbError> {
    let row = MethodRow {
        area: new.area.to_string(),
        district: new.district.to_string(),
        from_fund_year: new.from_fund_year.get(),
        method: new.method.to_string(),
        locked_through_fund_year: new.locked_through.get(),
        decision_id: new.decision,
    };
    diesel::insert_into(inpatient_methods::table).values(row).execute(conn).await?;
    Ok(())
}

/// All methods that a district ever set, the first one first.
pub(crate) async fn of_district(
    conn: &mut AsyncPgConnection,
    area: &Area,
    district: &District,
) -> Result<Vec<InpatientMethod>, DbError> {
    let rows: Vec<MethodRow> = inpatient_methods::table
        .filter(inpatient_methods::area.eq(area.as_str()))
        .filter(inpatient_methods::district.eq(district.as_str()))
        .order(inpatient_methods::from_fund_year)
        .select(MethodRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(method).collect()
}

/// Methods by district and first fund year, one more than the page holds.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    district: Option<&District>,
    page: &Page<(String, i32)>,
) -> Result<Vec<InpatientMethod>, DbError> {
    let mut query = inpatient_methods::table
        .filter(inpatient_methods::area.eq(area.as_str()))
        .select(MethodRow::as_select())
        .order((inpatient_methods::district, inpatient_methods::from_fund_year))
        .limit(page.limit())
        .into_boxed();
    if let Some(district) = district {
        query = query.filter(inpatient_methods::district.eq(district.as_str().to_owned()));
    }
    if let Some((district, from)) = page.after.clone() {
        let later =
            inpatient_methods::district.eq(district.clone()).and(inpatient_methods::from_fund_year.gt(from));
        query = query.filter(inpatient_methods::district.gt(district).or(later));
    }
    query.load(conn).await?.into_iter().map(method).collect()
}

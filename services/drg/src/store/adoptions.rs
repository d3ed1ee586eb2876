use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::Area;
use uuid::Uuid;

use super::schema::adoptions;
use super::{Page, read};
use crate::domain::adoption::{Adoption, Confirmed};

#[derive(Queryable, Selectable)]
#[diesel(table_name = adoptions)]
struct AdoptionRow {
    area: String,
    adoption_id: Uuid,
    scheme_hash: String,
    effective_date: NaiveDate,
    maker: String,
    checker: Option<String>,
    create_time: DateTime<Utc>,
    confirm_time: Option<DateTime<Utc>>,
}

fn from_row(row: AdoptionRow) -> Result<Adoption, DbError> {
    let confirmed = row.checker.zip(row.confirm_time);
    Ok(Adoption {
        area: read(row.area)?,
        id: row.adoption_id,
        scheme: read(row.scheme_hash)?,
        effective_date: row.effective_date,
        maker: row.maker,
        create_time: row.create_time,
        confirmed: confirmed.map(|(checker, time)| Confirmed { checker, time }),
    })
}

/// What adoptions are listed by.
pub(crate) type AdoptionKey = (NaiveDate, Uuid);

/// Reads an adoption.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Adoption>, DbError> {
    let found = adoptions::table.find((area.as_str(), id)).select(AdoptionRow::as_select());
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Locks all adoptions of the area, in the order of their ids, until the caller's transaction ends.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn lock_all(conn: &mut AsyncPgConnection, area: &Area) -> Result<(), DbError> {
    adoptions::table
        .filter(adoptions::area.eq(area.as_str()))
        .select(adoptions::adoption_id)
        .order(adoptions::adoption_id)
        .for_update()
        .load::<Uuid>(conn)
        .await?;
    Ok(())
}

/// The first day of the last confirmed adoption.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn latest(conn: &mut AsyncPgConnection, area: &Area) -> Result<Option<NaiveDate>, DbError> {
    let found = adoptions::table
        .filter(adoptions::area.eq(area.as_str()))
        .filter(adoptions::checker.is_not_null())
        .order(adoptions::effective_date.desc())
        .select(adoptions::effective_date);
    Ok(found.first(conn).await.optional()?)
}

/// The confirmed adoption that is in force on a day.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn in_force(
    conn: &mut AsyncPgConnection,
    area: &Area,
    date: NaiveDate,
) -> Result<Option<Adoption>, DbError> {
    let found = adoptions::table
        .filter(adoptions::area.eq(area.as_str()))
        .filter(adoptions::checker.is_not_null())
        .filter(adoptions::effective_date.le(date))
        .order(adoptions::effective_date.desc())
        .select(AdoptionRow::as_select());
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Lists adoptions by first day, then id, one more than the page holds.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    page: &Page<AdoptionKey>,
) -> Result<Vec<Adoption>, DbError> {
    let mut query = adoptions::table.filter(adoptions::area.eq(area.as_str())).into_boxed();
    if let Some((date, id)) = page.after {
        let later = adoptions::effective_date.gt(date);
        query = query.filter(later.or(adoptions::effective_date.eq(date).and(adoptions::adoption_id.gt(id))));
    }
    let rows = query
        .order((adoptions::effective_date, adoptions::adoption_id))
        .limit(page.limit())
        .select(AdoptionRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// Writes a new adoption; `false` if its id is taken.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, adoption: &Adoption) -> Result<bool, DbError> {
    let n_made = diesel::insert_into(adoptions::table)
        .values((
            adoptions::area.eq(adoption.area.as_str()),
            adoptions::adoption_id.eq(adoption.id),
            adoptions::scheme_hash.eq(adoption.scheme.as_str()),
            adoptions::effective_date.eq(adoption.effective_date),
            adoptions::maker.eq(&adoption.maker),
            adoptions::create_time.eq(adoption.create_time),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(n_made == 1)
}

/// Writes who confirmed an adoption.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn update(conn: &mut AsyncPgConnection, adoption: &Adoption) -> Result<(), DbError> {
    let confirmed = adoption.confirmed.as_ref();
    diesel::update(adoptions::table.find((adoption.area.as_str(), adoption.id)))
        .set((
            adoptions::checker.eq(confirmed.map(|confirmed| &confirmed.checker)),
            adoptions::confirm_time.eq(confirmed.map(|confirmed| confirmed.time)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

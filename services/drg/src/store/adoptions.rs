use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::Area;
use uuid::Uuid;

use super::schema::{adoptions, tariffs};
use super::{Page, read};
use crate::domain::adoption::{Adopted, Adoption, Confirmed, Kind};
use crate::domain::scheme::SchemeHash;

#[derive(Queryable, Selectable)]
#[diesel(table_name = adoptions)]
struct AdoptionRow {
    area: String,
    adoption_id: Uuid,
    scheme_hash: Option<String>,
    tariff_id: Option<Uuid>,
    effective_date: NaiveDate,
    maker: String,
    checker: Option<String>,
    create_time: DateTime<Utc>,
    confirm_time: Option<DateTime<Utc>>,
}

fn from_row(row: AdoptionRow) -> Result<Adoption, DbError> {
    let confirmed = row.checker.zip(row.confirm_time);
    let scheme = row.scheme_hash.map(read).transpose()?.map(Adopted::Scheme);
    let adopted = scheme.or(row.tariff_id.map(Adopted::Tariff));
    Ok(Adoption {
        area: read(row.area)?,
        id: row.adoption_id,
        adopted: adopted.expect("the table checks that one of them is there"),
        effective_date: row.effective_date,
        maker: row.maker,
        create_time: row.create_time,
        confirmed: confirmed.map(|(checker, time)| Confirmed { checker, time }),
    })
}

type Condition = Box<dyn BoxableExpression<adoptions::table, Pg, SqlType = Bool>>;

fn is_of(kind: Kind) -> Condition {
    match kind {
        Kind::Scheme => Box::new(adoptions::scheme_hash.is_not_null()),
        Kind::Tariff => Box::new(adoptions::tariff_id.is_not_null()),
    }
}

/// What adoptions are listed by.
pub(crate) type AdoptionKey = (NaiveDate, Uuid);

/// Reads an adoption of a kind.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    kind: Kind,
    id: Uuid,
) -> Result<Option<Adoption>, DbError> {
    let found = adoptions::table.find((area.as_str(), id)).filter(is_of(kind));
    found.select(AdoptionRow::as_select()).first(conn).await.optional()?.map(from_row).transpose()
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

/// The first day of the last confirmed adoption of a kind.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn latest(
    conn: &mut AsyncPgConnection,
    area: &Area,
    kind: Kind,
) -> Result<Option<NaiveDate>, DbError> {
    let found = adoptions::table
        .filter(adoptions::area.eq(area.as_str()))
        .filter(is_of(kind))
        .filter(adoptions::checker.is_not_null())
        .order(adoptions::effective_date.desc())
        .select(adoptions::effective_date);
    Ok(found.first(conn).await.optional()?)
}

/// The first day of the last confirmed adoption of a tariff of another scheme.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn latest_of_other_scheme(
    conn: &mut AsyncPgConnection,
    area: &Area,
    scheme: &SchemeHash,
) -> Result<Option<NaiveDate>, DbError> {
    let of_other: Vec<Uuid> = tariffs::table
        .filter(tariffs::area.eq(area.as_str()))
        .filter(tariffs::scheme_hash.ne(scheme.as_str()))
        .filter(tariffs::checker.is_not_null())
        .select(tariffs::tariff_id)
        .load(conn)
        .await?;
    let found = adoptions::table
        .filter(adoptions::area.eq(area.as_str()))
        .filter(adoptions::tariff_id.eq_any(of_other))
        .filter(adoptions::checker.is_not_null())
        .order(adoptions::effective_date.desc())
        .select(adoptions::effective_date);
    Ok(found.first(conn).await.optional()?)
}

/// The confirmed adoption of a kind that is in force on a day.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn in_force(
    conn: &mut AsyncPgConnection,
    area: &Area,
    kind: Kind,
    date: NaiveDate,
) -> Result<Option<Adoption>, DbError> {
    let found = adoptions::table
        .filter(adoptions::area.eq(area.as_str()))
        .filter(is_of(kind))
        .filter(adoptions::checker.is_not_null())
        .filter(adoptions::effective_date.le(date))
        .order(adoptions::effective_date.desc())
        .select(AdoptionRow::as_select());
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Lists adoptions of a kind by first day, then id, one more than the page holds.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    kind: Kind,
    page: &Page<AdoptionKey>,
) -> Result<Vec<Adoption>, DbError> {
    let mut query =
        adoptions::table.filter(adoptions::area.eq(area.as_str())).filter(is_of(kind)).into_boxed();
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
    let (scheme, tariff) = match &adoption.adopted {
        Adopted::Scheme(hash) => (Some(hash.as_str()), None),
        Adopted::Tariff(id) => (None, Some(*id)),
    };
    let n_made = diesel::insert_into(adoptions::table)
        .values((
            adoptions::area.eq(adoption.area.as_str()),
            adoptions::adoption_id.eq(adoption.id),
            adoptions::scheme_hash.eq(scheme),
            adoptions::tariff_id.eq(tariff),
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

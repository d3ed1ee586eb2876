use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::{Area, FundYear};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::schema::tariffs;
use super::{Page, from_json, read, to_json};
use crate::domain::tariff::{Published, Tariff, TariffHash};

#[derive(Queryable, Selectable)]
#[diesel(table_name = tariffs)]
struct TariffRow {
    area: String,
    tariff_id: Uuid,
    fund_year: i32,
    scheme_hash: String,
    base_points: Decimal,
    origin: Value,
    n_groups: i32,
    round: i32,
    maker: String,
    create_time: DateTime<Utc>,
    version: i64,
    checker: Option<String>,
    publish_time: Option<DateTime<Utc>>,
    tariff_hash: Option<String>,
    coefficient_basis: Option<Value>,
    coefficients_maker: Option<String>,
    round_open: bool,
    base_points_default: Option<String>,
    levels: Option<Value>,
}

fn from_row(row: TariffRow) -> Result<Tariff, DbError> {
    let published = match (row.checker, row.publish_time, row.tariff_hash) {
        (Some(checker), Some(time), Some(hash)) => Some(Published { checker, time, hash: read(hash)? }),
        _ => None,
    };
    Ok(Tariff {
        area: read(row.area)?,
        id: row.tariff_id,
        fund_year: FundYear::try_from(row.fund_year).expect("a checked year"),
        scheme: read(row.scheme_hash)?,
        base_points: read(row.base_points.to_string())?,
        base_points_default: row.base_points_default,
        origin: from_json(row.origin)?,
        n_groups: row.n_groups,
        round: row.round,
        round_open: row.round_open,
        maker: row.maker,
        create_time: row.create_time,
        version: row.version,
        basis: row.coefficient_basis.map(from_json).transpose()?,
        coefficients_maker: row.coefficients_maker,
        levels: row.levels.map(from_json).transpose()?,
        published,
    })
}

/// What tariffs are listed by.
pub(crate) type TariffKey = (DateTime<Utc>, Uuid);

/// Reads a tariff without its groups.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Tariff>, DbError> {
    let found = tariffs::table.find((area.as_str(), id)).select(TariffRow::as_select());
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Reads the published tariff of a hash.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find_published(
    conn: &mut AsyncPgConnection,
    area: &Area,
    hash: &TariffHash,
) -> Result<Option<Tariff>, DbError> {
    let found = tariffs::table
        .filter(tariffs::area.eq(area.as_str()))
        .filter(tariffs::tariff_hash.eq(hash.as_str()))
        .select(TariffRow::as_select());
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Reads a tariff and locks its row until the caller's transaction ends.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Tariff>, DbError> {
    let found = tariffs::table.find((area.as_str(), id)).select(TariffRow::as_select()).for_update();
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// Reads a published tariff's bytes.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn content(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Vec<u8>>, DbError> {
    let found = tariffs::table.find((area.as_str(), id)).select(tariffs::content);
    Ok(found.first(conn).await.optional()?.flatten())
}

/// Lists tariffs by the time they were made, then id, one more than the page holds.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    page: &Page<TariffKey>,
) -> Result<Vec<Tariff>, DbError> {
    let mut query = tariffs::table.filter(tariffs::area.eq(area.as_str())).into_boxed();
    if let Some((time, id)) = page.after {
        let later = tariffs::create_time.gt(time);
        query = query.filter(later.or(tariffs::create_time.eq(time).and(tariffs::tariff_id.gt(id))));
    }
    let rows = query
        .order((tariffs::create_time, tariffs::tariff_id))
        .limit(page.limit())
        .select(TariffRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// Writes a new tariff; `false` if its id is taken.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, tariff: &Tariff) -> Result<bool, DbError> {
    let n_made = diesel::insert_into(tariffs::table)
        .values((
            tariffs::area.eq(tariff.area.as_str()),
            tariffs::tariff_id.eq(tariff.id),
            tariffs::fund_year.eq(tariff.fund_year.get()),
            tariffs::scheme_hash.eq(tariff.scheme.as_str()),
            tariffs::base_points.eq(tariff.base_points.get()),
            tariffs::base_points_default.eq(&tariff.base_points_default),
            tariffs::origin.eq(to_json(&tariff.origin)),
            tariffs::n_groups.eq(tariff.n_groups),
            tariffs::round.eq(tariff.round),
            tariffs::maker.eq(&tariff.maker),
            tariffs::create_time.eq(tariff.create_time),
            tariffs::version.eq(tariff.version),
            tariffs::coefficient_basis.eq(tariff.basis.as_ref().map(to_json)),
            tariffs::coefficients_maker.eq(&tariff.coefficients_maker),
            tariffs::round_open.eq(tariff.round_open),
            tariffs::levels.eq(tariff.levels.as_ref().map(to_json)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(n_made == 1)
}

/// Writes a tariff's round, version, levels and what its coefficients were computed of.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn update(conn: &mut AsyncPgConnection, tariff: &Tariff) -> Result<(), DbError> {
    diesel::update(tariffs::table.find((tariff.area.as_str(), tariff.id)))
        .set((
            tariffs::round.eq(tariff.round),
            tariffs::version.eq(tariff.version),
            tariffs::coefficient_basis.eq(tariff.basis.as_ref().map(to_json)),
            tariffs::coefficients_maker.eq(&tariff.coefficients_maker),
            tariffs::round_open.eq(tariff.round_open),
            tariffs::levels.eq(tariff.levels.as_ref().map(to_json)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes that a tariff was published, and its bytes, which are never written again.
///
/// # Errors
///
/// What the database refuses: the constraint `tariffs_published` if a published tariff has the same bytes.
pub(crate) async fn publish(
    conn: &mut AsyncPgConnection,
    tariff: &Tariff,
    content: &[u8],
) -> Result<(), DbError> {
    let published = tariff.published.as_ref();
    diesel::update(tariffs::table.find((tariff.area.as_str(), tariff.id)))
        .set((
            tariffs::version.eq(tariff.version),
            tariffs::round_open.eq(tariff.round_open),
            tariffs::checker.eq(published.map(|published| &published.checker)),
            tariffs::publish_time.eq(published.map(|published| published.time)),
            tariffs::tariff_hash.eq(published.map(|published| published.hash.as_str())),
            tariffs::content.eq(content),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

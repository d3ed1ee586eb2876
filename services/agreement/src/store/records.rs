//! What is the same in all tables that hold an institution's records of a fund year.

use diesel::QueryableByName;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::{Area, FundYear, InstitutionCode};
use uuid::Uuid;

use super::Page;
use crate::domain::record::{Head, Record};

/// A table with the columns `area`, an id, `fund_year` and `institution_code`.
///
/// Statements name the table's own words, never a caller's.
pub(crate) trait Stored: TryFrom<Self::Row, Error = DbError> + Send + Sync + 'static {
    /// The table.
    const TABLE: &'static str;
    /// The column of the id.
    const ID: &'static str;
    /// Whether a list shows confirmed ones only.
    const LISTS_CONFIRMED: bool = false;
    /// A row of the table.
    type Row: QueryableByName<Pg> + Send + 'static;

    /// The row's id.
    fn id(&self) -> Uuid;

    /// Adds a row unless its id is taken; returns how many rows were made.
    fn insert(&self, conn: &mut AsyncPgConnection) -> impl Future<Output = QueryResult<usize>> + Send;
}

/// A table with the columns `maker` and `checker` besides.
pub(crate) trait StoredRecord: Stored + Record {
    /// Writes who confirmed the record, and what else its confirmation adds.
    fn update_checker(
        &self,
        conn: &mut AsyncPgConnection,
    ) -> impl Future<Output = QueryResult<usize>> + Send {
        let Head { area, id, persons, .. } = self.head();
        let query = format!("UPDATE {} SET checker = $3 WHERE area = $1 AND {} = $2", Self::TABLE, Self::ID);
        diesel::sql_query(query)
            .bind::<Text, _>(area.to_string())
            .bind::<SqlUuid, _>(*id)
            .bind::<Nullable<Text>, _>(persons.checker.clone())
            .execute(conn)
    }
}

fn all<R: Stored>(rows: Vec<R::Row>) -> Result<Vec<R>, DbError> {
    rows.into_iter().map(R::try_from).collect()
}

/// Adds a record; `false` if its id is taken.
pub(crate) async fn insert<R: Stored>(conn: &mut AsyncPgConnection, new: &R) -> Result<bool, DbError> {
    Ok(new.insert(conn).await? == 1)
}

/// Writes who confirmed a record.
pub(crate) async fn update_checker<R: StoredRecord>(
    conn: &mut AsyncPgConnection,
    confirmed: &R,
) -> Result<(), DbError> {
    confirmed.update_checker(conn).await?;
    Ok(())
}

/// Reads a record.
///
/// Nobody locks it: what is decided on a record is decided with its institution's row locked.
pub(crate) async fn find<R: Stored>(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<R>, DbError> {
    let query = format!("SELECT * FROM {} WHERE area = $1 AND {} = $2", R::TABLE, R::ID);
    let query = diesel::sql_query(query).bind::<Text, _>(area.as_str()).bind::<SqlUuid, _>(id);
    let row: Option<R::Row> = query.get_result(conn).await.optional()?;
    row.map(R::try_from).transpose()
}

/// The confirmed records of one institution and fund year.
pub(crate) async fn confirmed<R: StoredRecord>(
    conn: &mut AsyncPgConnection,
    of: &Head,
) -> Result<Vec<R>, DbError> {
    let query = format!(
        "SELECT * FROM {} WHERE area = $1 AND institution_code = $2 AND fund_year = $3 AND checker IS NOT NULL",
        R::TABLE
    );
    let query = diesel::sql_query(query)
        .bind::<Text, _>(of.area.as_str())
        .bind::<Text, _>(of.institution.as_str())
        .bind::<Integer, _>(of.fund_year.get());
    all(query.load(conn).await?)
}

/// What a fund year has by id, one more than the page holds.
pub(crate) async fn list<R: Stored>(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
    code: Option<&InstitutionCode>,
    page: &Page<Uuid>,
) -> Result<Vec<R>, DbError> {
    let (table, id) = (R::TABLE, R::ID);
    let confirmed = if R::LISTS_CONFIRMED { "AND checker IS NOT NULL" } else { "" };
    let query = diesel::sql_query(format!(
        "SELECT * FROM {table} WHERE area = $1 AND fund_year = $2 AND {id} > $3 {confirmed} \
         AND ($4 IS NULL OR institution_code = $4) ORDER BY {id} LIMIT $5"
    ))
    .bind::<Text, _>(area.as_str())
    .bind::<Integer, _>(fund_year.get())
    .bind::<SqlUuid, _>(page.after.unwrap_or_default())
    .bind::<Nullable<Text>, _>(code.map(InstitutionCode::as_str))
    .bind::<BigInt, _>(page.limit());
    all(query.load(conn).await?)
}

//! Months of institutions that send bills: the lock between their uploads and their settlement.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::lock;
use medfund_types::{Area, InstitutionCode, SettlementMonth};
use uuid::Uuid;

use schema::bill_months;

mod schema {
    diesel::table! {
        bill_months (area, institution_code, settlement_month) {
            area -> Text,
            institution_code -> Text,
            settlement_month -> Date,
            close_time -> Nullable<Timestamptz>,
        }
    }
}

/// Whether a month takes bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthState {
    /// It does.
    Open,
    /// It was settled.
    Closed,
}

/// Makes the institution's month if it is not there.
pub async fn insert_missing(
    conn: &mut AsyncPgConnection,
    area: &Area,
    institution: &InstitutionCode,
    month: SettlementMonth,
) -> QueryResult<()> {
    diesel::insert_into(bill_months::table)
        .values((
            bill_months::area.eq(area.as_str()),
            bill_months::institution_code.eq(institution.as_str()),
            bill_months::settlement_month.eq(month.first_day()),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps others from sending bills of the month for the first time until the caller's transaction ends: those that are
/// sent by then are known.
pub async fn lock_all(conn: &mut AsyncPgConnection, area: &Area, month: SettlementMonth) -> QueryResult<()> {
    lock::alone(conn, &name(area, month)).await
}

/// Whether the area's month takes bills of whoever sends it the first ones, until the caller's transaction ends.
pub async fn lock_first(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
) -> QueryResult<MonthState> {
    lock::beside_others(conn, &name(area, month)).await?;
    let run = super::month_settlements::find(conn, area, month).await?;
    Ok(if run.is_some() { MonthState::Closed } else { MonthState::Open })
}

fn name(area: &Area, month: SettlementMonth) -> String {
    format!("bills {area} {month}")
}

/// Holds the month as it is until the caller's transaction ends: it is not settled meanwhile.
pub async fn lock_shared(
    conn: &mut AsyncPgConnection,
    area: &Area,
    institution: &InstitutionCode,
    month: SettlementMonth,
) -> QueryResult<MonthState> {
    let close_time: Option<DateTime<Utc>> = bill_months::table
        .find((area.as_str(), institution.as_str(), month.first_day()))
        .select(bill_months::close_time)
        .for_share()
        .first(conn)
        .await?;
    Ok(if close_time.is_some() { MonthState::Closed } else { MonthState::Open })
}

/// The institutions that have sent bills of a month, in order.
pub async fn list_institutions(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
) -> QueryResult<Vec<InstitutionCode>> {
    let codes: Vec<String> = bill_months::table
        .filter(bill_months::area.eq(area.as_str()))
        .filter(bill_months::settlement_month.eq(month.first_day()))
        .select(bill_months::institution_code)
        .order(bill_months::institution_code)
        .load(conn)
        .await?;
    Ok(codes.into_iter().map(|code| code.parse().expect("the table holds checked codes")).collect())
}

/// An upload that keeps a month from being settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenUpload {
    /// The institution.
    pub institution: InstitutionCode,
    /// Its upload.
    pub upload_id: Uuid,
}

#[derive(diesel::QueryableByName)]
struct OpenUploadRow {
    #[diesel(sql_type = Text)]
    institution_code: String,
    #[diesel(sql_type = SqlUuid)]
    upload_id: Uuid,
}

/// Closes a month of institutions: from the commit on it takes no more bills and gives none back.
///
/// Waits for chunks that are being written. Bills must be counted after this,
/// in the same transaction.
///
/// - Returns the uploads of the month that are open, by institution: if there is
///   any the caller refuses to settle, which undoes the closing.
pub async fn close(
    conn: &mut AsyncPgConnection,
    area: &Area,
    month: SettlementMonth,
    institutions: &[InstitutionCode],
    instant: DateTime<Utc>,
) -> QueryResult<Vec<OpenUpload>> {
    let mut codes: Vec<&str> = institutions.iter().map(InstitutionCode::as_str).collect();
    codes.sort_unstable();
    codes.dedup();
    diesel::sql_query(
        "INSERT INTO bill_months (area, institution_code, settlement_month, close_time) \
         SELECT $1, code, $2, $3 FROM unnest($4) WITH ORDINALITY AS wanted (code, place) ORDER BY place \
         ON CONFLICT ON CONSTRAINT bill_months_key DO UPDATE \
         SET close_time = coalesce(bill_months.close_time, excluded.close_time)",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<Date, _>(month.first_day())
    .bind::<Timestamptz, _>(instant)
    .bind::<Array<Text>, _>(&codes)
    .execute(conn)
    .await?;
    let open: Vec<OpenUploadRow> = diesel::sql_query(
        "SELECT institution_code, upload_id FROM uploads WHERE area = $1 AND settlement_month = $2 \
         AND institution_code = ANY ($3) AND state = 'open' ORDER BY institution_code, upload_id",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<Date, _>(month.first_day())
    .bind::<Array<Text>, _>(&codes)
    .load(conn)
    .await?;
    let read = |row: OpenUploadRow| OpenUpload {
        institution: row.institution_code.parse().expect("a checked code"),
        upload_id: row.upload_id,
    };
    Ok(open.into_iter().map(read).collect())
}

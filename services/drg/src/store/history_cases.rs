use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_money::{Fen, PositiveFen};
use medfund_tariff::GroupCode;
use medfund_tariff::history::{CostedCase, Sum, Totals};
use medfund_types::{Area, FundLine, InstitutionCode};
use uuid::Uuid;

use super::read;
use super::schema::history_cases;

/// Cases that are read at a time: a few megabytes.
const N_READ: i64 = 20_000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = history_cases)]
struct CaseRow {
    line_number: i64,
    institution_code: String,
    drg: String,
    total_cost_fen: i64,
    fund_paid_fen: i64,
    stay_days: i32,
    died: bool,
    fund_line: Option<String>,
}

fn from_row(row: CaseRow) -> Result<CostedCase, DbError> {
    let cost = PositiveFen::try_from(row.total_cost_fen).expect("the table checks the cost");
    Ok(CostedCase {
        institution: read(row.institution_code)?,
        fund_line: row.fund_line.map(read).transpose()?,
        group: read(row.drg)?,
        cost,
        fund_paid: Fen::new(row.fund_paid_fen),
        n_days: u32::try_from(row.stay_days).expect("the table checks the stay"),
        has_died: row.died,
    })
}

/// Writes the accepted lines of a chunk: one statement, an array for each column.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    area: &Area,
    history: Uuid,
    cases: &[(i64, CostedCase)],
) -> Result<(), DbError> {
    let fund_line = |case: &'_ CostedCase| case.fund_line.as_ref().map(ToString::to_string);
    let stay = |case: &CostedCase| i32::try_from(case.n_days).expect("a stay is bounded");
    diesel::sql_query(
        "INSERT INTO history_cases (area, history_id, line_number, institution_code, drg, total_cost_fen, \
         fund_paid_fen, stay_days, died, fund_line) \
         SELECT $1, $2, * FROM unnest($3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<SqlUuid, _>(history)
    .bind::<Array<BigInt>, _>(cases.iter().map(|(line, _)| *line).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(cases.iter().map(|(_, case)| case.institution.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(cases.iter().map(|(_, case)| case.group.as_str()).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(cases.iter().map(|(_, case)| case.cost.get().get()).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(cases.iter().map(|(_, case)| case.fund_paid.get()).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(cases.iter().map(|(_, case)| stay(case)).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(cases.iter().map(|(_, case)| case.has_died).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(cases.iter().map(|(_, case)| fund_line(case)).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

/// Reads all cases of a history, in the order of its file, a few thousand at a time.
///
/// - `take`: is given each case.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn each(
    conn: &mut AsyncPgConnection,
    area: &Area,
    history: Uuid,
    mut take: impl FnMut(&CostedCase) + Send,
) -> Result<(), DbError> {
    let mut after = 0;
    loop {
        let rows = history_cases::table
            .filter(history_cases::area.eq(area.as_str()))
            .filter(history_cases::history_id.eq(history))
            .filter(history_cases::line_number.gt(after))
            .order(history_cases::line_number)
            .limit(N_READ)
            .select(CaseRow::as_select())
            .load(conn)
            .await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.line_number;
        for row in rows {
            take(&from_row(row)?);
        }
    }
}

#[derive(QueryableByName)]
struct SumRow {
    #[diesel(sql_type = Text)]
    institution_code: String,
    #[diesel(sql_type = Text)]
    drg: String,
    #[diesel(sql_type = Nullable<Text>)]
    fund_line: Option<String>,
    #[diesel(sql_type = BigInt)]
    n_cases: i64,
    #[diesel(sql_type = BigInt)]
    cost_fen: i64,
    #[diesel(sql_type = BigInt)]
    fund_paid_fen: i64,
    #[diesel(sql_type = BigInt)]
    n_days: i64,
    #[diesel(sql_type = BigInt)]
    n_died: i64,
}

/// Adds up all cases of a history by institution, group and fund line.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn totals(
    conn: &mut AsyncPgConnection,
    area: &Area,
    history: Uuid,
) -> Result<Totals, DbError> {
    sums(conn, area, history, None).await
}

/// Adds up the cases of one group by institution and fund line, and those of one institution in every group.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn totals_around(
    conn: &mut AsyncPgConnection,
    area: &Area,
    history: Uuid,
    (institution, group): (&InstitutionCode, &GroupCode),
) -> Result<Totals, DbError> {
    sums(conn, area, history, Some((institution, group))).await
}

async fn sums(
    conn: &mut AsyncPgConnection,
    area: &Area,
    history: Uuid,
    around: Option<(&InstitutionCode, &GroupCode)>,
) -> Result<Totals, DbError> {
    let (institution, group) = around.unzip();
    let rows: Vec<SumRow> = diesel::sql_query(
        "SELECT institution_code, drg, fund_line, count(*) AS n_cases, sum(total_cost_fen)::bigint AS cost_fen, \
         sum(fund_paid_fen)::bigint AS fund_paid_fen, sum(stay_days)::bigint AS n_days, \
         count(*) FILTER (WHERE died) AS n_died \
         FROM history_cases WHERE area = $1 AND history_id = $2 AND ($3 IS NULL OR drg = $3 OR institution_code = $4) \
         GROUP BY institution_code, drg, fund_line",
    )
    .bind::<Text, _>(area.as_str())
    .bind::<SqlUuid, _>(history)
    .bind::<Nullable<Text>, _>(group.map(GroupCode::as_str))
    .bind::<Nullable<Text>, _>(institution.map(InstitutionCode::as_str))
    .load(conn)
    .await?;
    let count = |n: i64| u64::try_from(n).expect("a count is not negative");
    let mut totals = Totals::default();
    for row in rows {
        let sum = Sum {
            n_cases: count(row.n_cases),
            cost: Fen::new(row.cost_fen),
            fund_paid: Fen::new(row.fund_paid_fen),
            n_days: count(row.n_days),
            n_died: count(row.n_died),
        };
        let fund_line: Option<FundLine> = row.fund_line.map(read).transpose()?;
        totals.add_sum((&read(row.institution_code)?, fund_line.as_ref()), &read(row.drg)?, sum);
    }
    Ok(totals)
}

/// Deletes all of a history.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn delete(conn: &mut AsyncPgConnection, area: &Area, history: Uuid) -> Result<(), DbError> {
    let all = history_cases::table
        .filter(history_cases::area.eq(area.as_str()))
        .filter(history_cases::history_id.eq(history));
    diesel::delete(all).execute(conn).await?;
    Ok(())
}

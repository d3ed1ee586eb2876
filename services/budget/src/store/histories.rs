use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;

use super::schema::histories;
use super::{held, institution_key, limit, put_row};
use crate::domain::key::BudgetKey;
use crate::domain::quota::History;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = histories)]
#[diesel(primary_key(area, fund_year, fund_line, institution_code))]
#[diesel(treat_none_as_null = true)]
struct HistoryRow {
    area: String,
    fund_year: i32,
    fund_line: String,
    institution_code: String,
    district: String,
    history_fen: Vec<i64>,
    last_year_settled_fen: i64,
    recorded_base_fen: Option<i64>,
    recorded_base_reason: String,
    update_time: DateTime<Utc>,
}

impl From<HistoryRow> for History {
    fn from(row: HistoryRow) -> Self {
        Self {
            key: institution_key(&row.area, row.fund_year, &row.fund_line, &row.institution_code),
            district: held(row.district.parse()),
            history: row.history_fen.into_iter().map(Fen::new).collect(),
            last_year_settled: Fen::new(row.last_year_settled_fen),
            recorded_base: row.recorded_base_fen.map(Fen::new),
            recorded_base_reason: row.recorded_base_reason,
        }
    }
}

impl HistoryRow {
    fn of(value: &History, instant: DateTime<Utc>) -> Self {
        Self {
            area: value.key.area.to_string(),
            fund_year: value.key.fund_year.get(),
            fund_line: value.key.fund_line.to_string(),
            institution_code: value.key.institution.to_string(),
            district: value.district.to_string(),
            history_fen: value.history.iter().map(|cost| cost.get()).collect(),
            last_year_settled_fen: value.last_year_settled.get(),
            recorded_base_fen: value.recorded_base.map(Fen::get),
            recorded_base_reason: value.recorded_base_reason.clone(),
            update_time: instant,
        }
    }
}

put_row!(
    histories,
    HistoryRow,
    History,
    (histories::area, histories::fund_year, histories::fund_line, histories::institution_code)
);

/// Lists all of a district's rows by institution code.
pub(crate) async fn list_all(conn: &mut AsyncPgConnection, key: &BudgetKey) -> QueryResult<Vec<History>> {
    list(conn, key, None, usize::MAX).await
}

/// Lists a district's rows by institution code.
///
/// - `after`: the code of the last one already seen.
/// - `n`: the most to list.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    key: &BudgetKey,
    after: Option<String>,
    n: usize,
) -> QueryResult<Vec<History>> {
    let of_key = histories::area
        .eq(key.area.as_str())
        .and(histories::fund_year.eq(key.fund_year.get()))
        .and(histories::fund_line.eq(key.fund_line.as_str()))
        .and(histories::district.eq(key.district.as_str()));
    let mut query = histories::table.filter(of_key).into_boxed();
    if let Some(after) = after {
        query = query.filter(histories::institution_code.gt(after));
    }
    let query = query.order(histories::institution_code).limit(limit(n));
    let rows: Vec<HistoryRow> = query.select(HistoryRow::as_select()).load(conn).await?;
    Ok(rows.into_iter().map(History::from).collect())
}

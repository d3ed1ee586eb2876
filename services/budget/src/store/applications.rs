use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;

use super::schema::applications;
use super::{held, institution_key, limit, put_row};
use crate::domain::key::BudgetKey;
use crate::domain::quota::Application;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = applications)]
#[diesel(primary_key(area, fund_year, fund_line, institution_code))]
#[diesel(treat_none_as_null = true)]
struct ApplicationRow {
    area: String,
    fund_year: i32,
    fund_line: String,
    institution_code: String,
    district: String,
    applied_fen: i64,
    reason: String,
    file_date: NaiveDate,
}

impl From<ApplicationRow> for Application {
    fn from(row: ApplicationRow) -> Self {
        Self {
            key: institution_key(&row.area, row.fund_year, &row.fund_line, &row.institution_code),
            district: held(row.district.parse()),
            applied: Fen::new(row.applied_fen),
            reason: row.reason,
            file_date: row.file_date,
        }
    }
}

impl ApplicationRow {
    fn of(value: &Application) -> Self {
        Self {
            area: value.key.area.to_string(),
            fund_year: value.key.fund_year.get(),
            fund_line: value.key.fund_line.to_string(),
            institution_code: value.key.institution.to_string(),
            district: value.district.to_string(),
            applied_fen: value.applied.get(),
            reason: value.reason.clone(),
            file_date: value.file_date,
        }
    }
}

put_row!(
    applications,
    ApplicationRow,
    Application,
    (applications::area, applications::fund_year, applications::fund_line, applications::institution_code),
    no_instant
);

/// Lists all of a district's rows by institution code.
pub(crate) async fn list_all(conn: &mut AsyncPgConnection, key: &BudgetKey) -> QueryResult<Vec<Application>> {
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
) -> QueryResult<Vec<Application>> {
    let of_key = applications::area
        .eq(key.area.as_str())
        .and(applications::fund_year.eq(key.fund_year.get()))
        .and(applications::fund_line.eq(key.fund_line.as_str()))
        .and(applications::district.eq(key.district.as_str()));
    let mut query = applications::table.filter(of_key).into_boxed();
    if let Some(after) = after {
        query = query.filter(applications::institution_code.gt(after));
    }
    let query = query.order(applications::institution_code).limit(limit(n));
    let rows: Vec<ApplicationRow> = query.select(ApplicationRow::as_select()).load(conn).await?;
    Ok(rows.into_iter().map(Application::from).collect())
}

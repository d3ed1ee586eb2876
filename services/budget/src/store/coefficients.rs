use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::schema::coefficients;
use super::{from_json, held, institution_key, json, put_row};
use crate::domain::key::BudgetKey;
use crate::domain::quota::OfficerFactors;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = coefficients)]
#[diesel(primary_key(area, fund_year, fund_line, institution_code))]
#[diesel(treat_none_as_null = true)]
struct CoefficientRow {
    area: String,
    fund_year: i32,
    fund_line: String,
    institution_code: String,
    district: String,
    factors: serde_json::Value,
    update_time: DateTime<Utc>,
}

impl From<CoefficientRow> for OfficerFactors {
    fn from(row: CoefficientRow) -> Self {
        Self {
            key: institution_key(&row.area, row.fund_year, &row.fund_line, &row.institution_code),
            district: held(row.district.parse()),
            factors: from_json(row.factors),
        }
    }
}

impl CoefficientRow {
    fn of(value: &OfficerFactors, instant: DateTime<Utc>) -> Self {
        Self {
            area: value.key.area.to_string(),
            fund_year: value.key.fund_year.get(),
            fund_line: value.key.fund_line.to_string(),
            institution_code: value.key.institution.to_string(),
            district: value.district.to_string(),
            factors: json(&value.factors),
            update_time: instant,
        }
    }
}

put_row!(
    coefficients,
    CoefficientRow,
    OfficerFactors,
    (coefficients::area, coefficients::fund_year, coefficients::fund_line, coefficients::institution_code)
);

/// Lists a district's rows by institution code.
pub(crate) async fn list_all(
    conn: &mut AsyncPgConnection,
    key: &BudgetKey,
) -> QueryResult<Vec<OfficerFactors>> {
    let of_key = coefficients::area
        .eq(key.area.as_str())
        .and(coefficients::fund_year.eq(key.fund_year.get()))
        .and(coefficients::fund_line.eq(key.fund_line.as_str()))
        .and(coefficients::district.eq(key.district.as_str()));
    let query = coefficients::table.filter(of_key).order(coefficients::institution_code);
    let rows: Vec<CoefficientRow> = query.select(CoefficientRow::as_select()).load(conn).await?;
    Ok(rows.into_iter().map(OfficerFactors::from).collect())
}

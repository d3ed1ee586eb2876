use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::{District, InstitutionCode};

use super::schema::quotas;
use super::{exact, from_json, held, institution_key, json, lock_row, put_row};
use crate::domain::key::{BudgetKey, InstitutionKey};
use crate::domain::quota::Quota;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = quotas)]
#[diesel(primary_key(area, fund_year, fund_line, institution_code))]
#[diesel(treat_none_as_null = true)]
struct QuotaRow {
    area: String,
    fund_year: i32,
    fund_line: String,
    institution_code: String,
    district: String,
    is_primary: bool,
    history_fen: Vec<i64>,
    base: String,
    coefficient: String,
    factors: serde_json::Value,
    applied_fen: i64,
    quota_fen: i64,
    adjusted_quota_fen: i64,
}

impl From<QuotaRow> for Quota {
    fn from(row: QuotaRow) -> Self {
        Self {
            key: institution_key(&row.area, row.fund_year, &row.fund_line, &row.institution_code),
            district: held(row.district.parse()),
            primary: row.is_primary,
            history: row.history_fen.into_iter().map(Fen::new).collect(),
            base: exact(&row.base),
            coefficient: exact(&row.coefficient),
            factors: from_json(row.factors),
            applied: Fen::new(row.applied_fen),
            quota: Fen::new(row.quota_fen),
            adjusted: Fen::new(row.adjusted_quota_fen),
        }
    }
}

impl QuotaRow {
    fn of(value: &Quota) -> Self {
        Self {
            area: value.key.area.to_string(),
            fund_year: value.key.fund_year.get(),
            fund_line: value.key.fund_line.to_string(),
            institution_code: value.key.institution.to_string(),
            district: value.district.to_string(),
            is_primary: value.primary,
            history_fen: value.history.iter().map(|cost| cost.get()).collect(),
            base: value.base.to_string(),
            coefficient: value.coefficient.to_string(),
            factors: json(&value.factors),
            applied_fen: value.applied.get(),
            quota_fen: value.quota.get(),
            adjusted_quota_fen: value.adjusted.get(),
        }
    }
}

lock_row!(quotas, QuotaRow, Quota, |key: InstitutionKey| (
    key.area.as_str(),
    key.fund_year.get(),
    key.fund_line.as_str(),
    key.institution.as_str()
));
put_row!(
    quotas,
    QuotaRow,
    Quota,
    (quotas::area, quotas::fund_year, quotas::fund_line, quotas::institution_code),
    no_instant
);

/// Lists a district's rows by institution code.
pub(crate) async fn list_all(conn: &mut AsyncPgConnection, key: &BudgetKey) -> QueryResult<Vec<Quota>> {
    let of_key = quotas::area
        .eq(key.area.as_str())
        .and(quotas::fund_year.eq(key.fund_year.get()))
        .and(quotas::fund_line.eq(key.fund_line.as_str()))
        .and(quotas::district.eq(key.district.as_str()));
    let query = quotas::table.filter(of_key).order(quotas::institution_code);
    let rows: Vec<QuotaRow> = query.select(QuotaRow::as_select()).load(conn).await?;
    Ok(rows.into_iter().map(Quota::from).collect())
}

/// Finds one of some institutions that has a quota in another district than the key's, and that district.
pub(crate) async fn find_elsewhere(
    conn: &mut AsyncPgConnection,
    key: &BudgetKey,
    institutions: &[&InstitutionCode],
) -> QueryResult<Option<(InstitutionCode, District)>> {
    let codes: Vec<&str> = institutions.iter().map(|code| code.as_str()).collect();
    let of_others = quotas::area
        .eq(key.area.as_str())
        .and(quotas::fund_year.eq(key.fund_year.get()))
        .and(quotas::fund_line.eq(key.fund_line.as_str()))
        .and(quotas::district.ne(key.district.as_str()))
        .and(quotas::institution_code.eq_any(codes));
    let query = quotas::table.filter(of_others).order(quotas::institution_code);
    let found: Option<(String, String)> =
        query.select((quotas::institution_code, quotas::district)).first(conn).await.optional()?;
    Ok(found.map(|(code, district)| (held(code.parse()), held(district.parse()))))
}

/// Writes a decomposition's quotas in the place of those proposed before.
pub(crate) async fn replace(
    conn: &mut AsyncPgConnection,
    key: &BudgetKey,
    quotas: &[Quota],
) -> QueryResult<()> {
    let of_key = quotas::area
        .eq(key.area.as_str())
        .and(quotas::fund_year.eq(key.fund_year.get()))
        .and(quotas::fund_line.eq(key.fund_line.as_str()))
        .and(quotas::district.eq(key.district.as_str()));
    diesel::delete(quotas::table.filter(of_key)).execute(conn).await?;
    let rows: Vec<QuotaRow> = quotas.iter().map(QuotaRow::of).collect();
    diesel::insert_into(quotas::table).values(&rows).execute(conn).await?;
    Ok(())
}

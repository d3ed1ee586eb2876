use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::Area;
use uuid::Uuid;

use super::schema::quota_adjustments;
use super::{held, institution_key, limit};
use crate::domain::key::BudgetKey;
use crate::domain::quota::QuotaAdjustment;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = quota_adjustments)]
struct AdjustmentRow {
    area: String,
    adjustment_id: Uuid,
    fund_year: i32,
    fund_line: String,
    institution_code: String,
    district: String,
    reason: String,
    change_fen: i64,
    adjusted_quota_fen: i64,
    decision: Uuid,
    adjust_date: NaiveDate,
}

impl From<AdjustmentRow> for QuotaAdjustment {
    fn from(row: AdjustmentRow) -> Self {
        Self {
            id: row.adjustment_id,
            key: institution_key(&row.area, row.fund_year, &row.fund_line, &row.institution_code),
            district: held(row.district.parse()),
            reason: row.reason,
            change: Fen::new(row.change_fen),
            adjusted: Fen::new(row.adjusted_quota_fen),
            decision: row.decision,
            adjust_date: row.adjust_date,
        }
    }
}

impl AdjustmentRow {
    fn of(value: &QuotaAdjustment) -> Self {
        Self {
            adjustment_id: value.id,
            area: value.key.area.to_string(),
            fund_year: value.key.fund_year.get(),
            fund_line: value.key.fund_line.to_string(),
            institution_code: value.key.institution.to_string(),
            district: value.district.to_string(),
            reason: value.reason.clone(),
            change_fen: value.change.get(),
            adjusted_quota_fen: value.adjusted.get(),
            decision: value.decision,
            adjust_date: value.adjust_date,
        }
    }
}

/// Whether the id is taken.
pub(crate) async fn exists(conn: &mut AsyncPgConnection, area: &Area, id: Uuid) -> QueryResult<bool> {
    let found = quota_adjustments::table.find((area.as_str(), id)).select(quota_adjustments::adjustment_id);
    Ok(found.first::<Uuid>(conn).await.optional()?.is_some())
}

/// Lists a decomposition's adjustments by id.
///
/// - `after`: the id of the last one already seen.
/// - `n`: the most to list.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    key: &BudgetKey,
    after: Option<Uuid>,
    n: usize,
) -> QueryResult<Vec<QuotaAdjustment>> {
    let of_key = quota_adjustments::area
        .eq(key.area.as_str())
        .and(quota_adjustments::fund_year.eq(key.fund_year.get()))
        .and(quota_adjustments::fund_line.eq(key.fund_line.as_str()))
        .and(quota_adjustments::district.eq(key.district.as_str()));
    let mut query = quota_adjustments::table.filter(of_key).into_boxed();
    if let Some(after) = after {
        query = query.filter(quota_adjustments::adjustment_id.gt(after));
    }
    let query = query.order(quota_adjustments::adjustment_id).limit(limit(n));
    let rows: Vec<AdjustmentRow> = query.select(AdjustmentRow::as_select()).load(conn).await?;
    Ok(rows.into_iter().map(QuotaAdjustment::from).collect())
}

/// Writes a new adjustment.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, value: &QuotaAdjustment) -> QueryResult<()> {
    let row = AdjustmentRow::of(value);
    diesel::insert_into(quota_adjustments::table).values(&row).execute(conn).await?;
    Ok(())
}

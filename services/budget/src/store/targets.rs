use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use medfund_money::Fen;
use uuid::Uuid;

use super::schema::targets;
use super::{Word, budget_key, find_row, from_json, json, lock_row, put_row};
use crate::domain::key::BudgetKey;
use crate::domain::target::{Target, TargetState};

impl Word for TargetState {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::Proposed, "proposed"), (Self::Decided, "decided")];
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = targets)]
#[diesel(primary_key(area, fund_year, fund_line, district))]
#[diesel(treat_none_as_null = true)]
struct TargetRow {
    area: String,
    fund_year: i32,
    fund_line: String,
    district: String,
    budget_fen: i64,
    deductions: serde_json::Value,
    reserve_fen: i64,
    primary_care_earmark_fen: i64,
    adjustment_fen: i64,
    adjustment_reason: String,
    target_fen: i64,
    state: String,
    decision: Option<Uuid>,
    maker: String,
    version: i64,
    update_time: DateTime<Utc>,
}

impl From<TargetRow> for Target {
    fn from(row: TargetRow) -> Self {
        Self {
            key: budget_key(&row.area, row.fund_year, &row.fund_line, &row.district),
            budget: Fen::new(row.budget_fen),
            deductions: from_json(row.deductions),
            reserve: Fen::new(row.reserve_fen),
            primary_care_earmark: Fen::new(row.primary_care_earmark_fen),
            adjustment: Fen::new(row.adjustment_fen),
            adjustment_reason: row.adjustment_reason,
            target: Fen::new(row.target_fen),
            state: Word::from_word(&row.state),
            decision: row.decision,
            maker: row.maker,
            version: row.version,
        }
    }
}

impl TargetRow {
    fn of(value: &Target, instant: DateTime<Utc>) -> Self {
        Self {
            area: value.key.area.to_string(),
            fund_year: value.key.fund_year.get(),
            fund_line: value.key.fund_line.to_string(),
            district: value.key.district.to_string(),
            budget_fen: value.budget.get(),
            deductions: json(&value.deductions),
            reserve_fen: value.reserve.get(),
            primary_care_earmark_fen: value.primary_care_earmark.get(),
            adjustment_fen: value.adjustment.get(),
            adjustment_reason: value.adjustment_reason.clone(),
            target_fen: value.target.get(),
            state: value.state.word().to_owned(),
            decision: value.decision,
            maker: value.maker.clone(),
            version: value.version,
            update_time: instant,
        }
    }
}

find_row!(targets, TargetRow, Target, |key: BudgetKey| (
    key.area.as_str(),
    key.fund_year.get(),
    key.fund_line.as_str(),
    key.district.as_str()
));
lock_row!(targets, TargetRow, Target, |key: BudgetKey| (
    key.area.as_str(),
    key.fund_year.get(),
    key.fund_line.as_str(),
    key.district.as_str()
));
put_row!(
    targets,
    TargetRow,
    Target,
    (targets::area, targets::fund_year, targets::fund_line, targets::district)
);

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use medfund_money::Fen;
use uuid::Uuid;

use super::schema::decompositions;
use super::{Word, budget_key, exact, find_row, lock_row, put_row};
use crate::domain::decomposition::{Decomposition, DecompositionState};
use crate::domain::key::BudgetKey;

impl Word for DecompositionState {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Proposed, "proposed"),
        (Self::Outdated, "outdated"),
        (Self::Balanced, "balanced"),
        (Self::Decided, "decided"),
    ];
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = decompositions)]
#[diesel(primary_key(area, fund_year, fund_line, district))]
#[diesel(treat_none_as_null = true)]
struct DecompositionRow {
    area: String,
    fund_year: i32,
    fund_line: String,
    district: String,
    target_fen: i64,
    primary_floor_fen: i64,
    floor_applied: bool,
    forecast_factor: String,
    state: String,
    balance_note: String,
    decision: Option<Uuid>,
    maker: String,
    version: i64,
    update_time: DateTime<Utc>,
}

impl From<DecompositionRow> for Decomposition {
    fn from(row: DecompositionRow) -> Self {
        Self {
            key: budget_key(&row.area, row.fund_year, &row.fund_line, &row.district),
            target: Fen::new(row.target_fen),
            primary_floor: Fen::new(row.primary_floor_fen),
            floor_applied: row.floor_applied,
            forecast_factor: exact(&row.forecast_factor),
            quotas: Vec::new(),
            state: Word::from_word(&row.state),
            balance_note: row.balance_note,
            decision: row.decision,
            maker: row.maker,
            version: row.version,
        }
    }
}

impl DecompositionRow {
    fn of(value: &Decomposition, instant: DateTime<Utc>) -> Self {
        Self {
            area: value.key.area.to_string(),
            fund_year: value.key.fund_year.get(),
            fund_line: value.key.fund_line.to_string(),
            district: value.key.district.to_string(),
            target_fen: value.target.get(),
            primary_floor_fen: value.primary_floor.get(),
            floor_applied: value.floor_applied,
            forecast_factor: value.forecast_factor.to_string(),
            state: value.state.word().to_owned(),
            balance_note: value.balance_note.clone(),
            decision: value.decision,
            maker: value.maker.clone(),
            version: value.version,
            update_time: instant,
        }
    }
}

find_row!(decompositions, DecompositionRow, Decomposition, |key: BudgetKey| (
    key.area.as_str(),
    key.fund_year.get(),
    key.fund_line.as_str(),
    key.district.as_str()
));
lock_row!(decompositions, DecompositionRow, Decomposition, |key: BudgetKey| (
    key.area.as_str(),
    key.fund_year.get(),
    key.fund_line.as_str(),
    key.district.as_str()
));
put_row!(
    decompositions,
    DecompositionRow,
    Decomposition,
    (decompositions::area, decompositions::fund_year, decompositions::fund_line, decompositions::district)
);

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use medfund_money::Fen;
use uuid::Uuid;

use super::schema::structures;
use super::{Word, budget_key, find_row, from_json, json, lock_row, put_row};
use crate::domain::key::BudgetKey;
use crate::domain::structure::{Structure, StructureState};

impl Word for StructureState {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::Proposed, "proposed"), (Self::Decided, "decided")];
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = structures)]
#[diesel(primary_key(area, fund_year, fund_line, district))]
#[diesel(treat_none_as_null = true)]
struct StructureRow {
    area: String,
    fund_year: i32,
    fund_line: String,
    district: String,
    target_fen: i64,
    cares: serde_json::Value,
    state: String,
    decision: Option<Uuid>,
    maker: String,
    version: i64,
    update_time: DateTime<Utc>,
}

impl From<StructureRow> for Structure {
    fn from(row: StructureRow) -> Self {
        Self {
            key: budget_key(&row.area, row.fund_year, &row.fund_line, &row.district),
            target: Fen::new(row.target_fen),
            cares: from_json(row.cares),
            state: Word::from_word(&row.state),
            decision: row.decision,
            maker: row.maker,
            version: row.version,
        }
    }
}

impl StructureRow {
    fn of(value: &Structure, instant: DateTime<Utc>) -> Self {
        Self {
            area: value.key.area.to_string(),
            fund_year: value.key.fund_year.get(),
            fund_line: value.key.fund_line.to_string(),
            district: value.key.district.to_string(),
            target_fen: value.target.get(),
            cares: json(&value.cares),
            state: value.state.word().to_owned(),
            decision: value.decision,
            maker: value.maker.clone(),
            version: value.version,
            update_time: instant,
        }
    }
}

find_row!(structures, StructureRow, Structure, |key: BudgetKey| (
    key.area.as_str(),
    key.fund_year.get(),
    key.fund_line.as_str(),
    key.district.as_str()
));
lock_row!(structures, StructureRow, Structure, |key: BudgetKey| (
    key.area.as_str(),
    key.fund_year.get(),
    key.fund_line.as_str(),
    key.district.as_str()
));
put_row!(
    structures,
    StructureRow,
    Structure,
    (structures::area, structures::fund_year, structures::fund_line, structures::district)
);

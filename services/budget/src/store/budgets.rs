use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use medfund_money::Fen;
use uuid::Uuid;

use super::schema::budgets;
use super::{Word, budget_key, exact, find_row, from_json, json, lock_row, put_row};
use crate::domain::budget::{Budget, BudgetState, SurplusHealth};
use crate::domain::key::BudgetKey;

impl Word for BudgetState {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Proposed, "proposed"),
        (Self::Reviewed, "reviewed"),
        (Self::Returned, "returned"),
        (Self::Approved, "approved"),
    ];
}

impl Word for SurplusHealth {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::Healthy, "healthy"), (Self::Low, "low"), (Self::High, "high"), (Self::Unrated, "unrated")];
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = budgets)]
#[diesel(primary_key(area, fund_year, fund_line, district))]
#[diesel(treat_none_as_null = true)]
struct BudgetRow {
    area: String,
    fund_year: i32,
    fund_line: String,
    district: String,
    income_fen: i64,
    expenditure_fen: i64,
    basis: serde_json::Value,
    surplus_rate: String,
    surplus_health: String,
    state: String,
    review_note: String,
    decision: Option<Uuid>,
    deficit_decision: Option<Uuid>,
    maker: String,
    version: i64,
    update_time: DateTime<Utc>,
}

impl From<BudgetRow> for Budget {
    fn from(row: BudgetRow) -> Self {
        Self {
            key: budget_key(&row.area, row.fund_year, &row.fund_line, &row.district),
            income: Fen::new(row.income_fen),
            expenditure: Fen::new(row.expenditure_fen),
            basis: from_json(row.basis),
            surplus_rate: exact(&row.surplus_rate),
            surplus_health: Word::from_word(&row.surplus_health),
            state: Word::from_word(&row.state),
            review_note: row.review_note,
            decision: row.decision,
            deficit_decision: row.deficit_decision,
            maker: row.maker,
            version: row.version,
        }
    }
}

impl BudgetRow {
    fn of(value: &Budget, instant: DateTime<Utc>) -> Self {
        Self {
            area: value.key.area.to_string(),
            fund_year: value.key.fund_year.get(),
            fund_line: value.key.fund_line.to_string(),
            district: value.key.district.to_string(),
            income_fen: value.income.get(),
            expenditure_fen: value.expenditure.get(),
            basis: json(&value.basis),
            surplus_rate: value.surplus_rate.to_string(),
            surplus_health: value.surplus_health.word().to_owned(),
            state: value.state.word().to_owned(),
            review_note: value.review_note.clone(),
            decision: value.decision,
            deficit_decision: value.deficit_decision,
            maker: value.maker.clone(),
            version: value.version,
            update_time: instant,
        }
    }
}

find_row!(budgets, BudgetRow, Budget, |key: BudgetKey| (
    key.area.as_str(),
    key.fund_year.get(),
    key.fund_line.as_str(),
    key.district.as_str()
));
lock_row!(budgets, BudgetRow, Budget, |key: BudgetKey| (
    key.area.as_str(),
    key.fund_year.get(),
    key.fund_line.as_str(),
    key.district.as_str()
));
put_row!(
    budgets,
    BudgetRow,
    Budget,
    (budgets::area, budgets::fund_year, budgets::fund_line, budgets::district)
);

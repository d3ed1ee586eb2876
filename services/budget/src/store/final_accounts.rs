use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;

use super::schema::final_accounts;
use super::{Word, budget_key, exact, find_row, from_json, json, lock_row};
use crate::domain::final_account::FinalAccount;
use crate::domain::key::BudgetKey;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = final_accounts)]
struct FinalAccountRow {
    area: String,
    fund_year: i32,
    fund_line: String,
    district: String,
    income_fen: i64,
    backstop_fen: i64,
    deductions: serde_json::Value,
    settled_fen: i64,
    primary_care_fen: i64,
    expenditure_fen: i64,
    surplus_fen: i64,
    surplus_rate: String,
    surplus_health: String,
    institutions: serde_json::Value,
    close_date: NaiveDate,
    pools: serde_json::Value,
}

impl From<FinalAccountRow> for FinalAccount {
    fn from(row: FinalAccountRow) -> Self {
        Self {
            key: budget_key(&row.area, row.fund_year, &row.fund_line, &row.district),
            income: Fen::new(row.income_fen),
            backstop: Fen::new(row.backstop_fen),
            deductions: from_json(row.deductions),
            settled: Fen::new(row.settled_fen),
            primary_care: Fen::new(row.primary_care_fen),
            expenditure: Fen::new(row.expenditure_fen),
            surplus: Fen::new(row.surplus_fen),
            surplus_rate: exact(&row.surplus_rate),
            surplus_health: Word::from_word(&row.surplus_health),
            institutions: from_json(row.institutions),
            close_date: row.close_date,
            pools: from_json(row.pools),
        }
    }
}

impl FinalAccountRow {
    fn of(value: &FinalAccount) -> Self {
        Self {
            area: value.key.area.to_string(),
            fund_year: value.key.fund_year.get(),
            fund_line: value.key.fund_line.to_string(),
            district: value.key.district.to_string(),
            income_fen: value.income.get(),
            backstop_fen: value.backstop.get(),
            deductions: json(&value.deductions),
            settled_fen: value.settled.get(),
            primary_care_fen: value.primary_care.get(),
            expenditure_fen: value.expenditure.get(),
            surplus_fen: value.surplus.get(),
            surplus_rate: value.surplus_rate.to_string(),
            surplus_health: value.surplus_health.word().to_owned(),
            institutions: json(&value.institutions),
            close_date: value.close_date,
            pools: json(&value.pools),
        }
    }
}

find_row!(final_accounts, FinalAccountRow, FinalAccount, |key: BudgetKey| (
    key.area.as_str(),
    key.fund_year.get(),
    key.fund_line.as_str(),
    key.district.as_str()
));
lock_row!(final_accounts, FinalAccountRow, FinalAccount, |key: BudgetKey| (
    key.area.as_str(),
    key.fund_year.get(),
    key.fund_line.as_str(),
    key.district.as_str()
));

/// Writes a closed account; it never changes.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, account: &FinalAccount) -> QueryResult<()> {
    let row = FinalAccountRow::of(account);
    diesel::insert_into(final_accounts::table).values(&row).execute(conn).await?;
    Ok(())
}

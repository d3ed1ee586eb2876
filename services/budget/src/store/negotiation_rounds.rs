use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::schema::negotiation_rounds;
use super::{budget_key, from_json, held, json, limit};
use crate::domain::key::BudgetKey;
use crate::domain::negotiation::{NegotiationRound, RoundKey};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = negotiation_rounds)]
struct RoundRow {
    area: String,
    fund_year: i32,
    fund_line: String,
    district: String,
    group_id: String,
    round_number: i32,
    institution_codes: Vec<String>,
    participants: Vec<String>,
    minutes_reference: String,
    coefficients: serde_json::Value,
    hold_date: NaiveDate,
}

impl From<RoundRow> for NegotiationRound {
    fn from(row: RoundRow) -> Self {
        let key = RoundKey {
            budget: budget_key(&row.area, row.fund_year, &row.fund_line, &row.district),
            group: row.group_id,
            number: held(row.round_number.try_into()),
        };
        Self {
            key,
            institutions: row.institution_codes.iter().map(|code| held(code.parse())).collect(),
            participants: row.participants,
            minutes_reference: row.minutes_reference,
            coefficients: from_json(row.coefficients),
            hold_date: row.hold_date,
        }
    }
}

impl RoundRow {
    fn of(value: &NegotiationRound) -> Self {
        let key = &value.key.budget;
        Self {
            area: key.area.to_string(),
            fund_year: key.fund_year.get(),
            fund_line: key.fund_line.to_string(),
            district: key.district.to_string(),
            group_id: value.key.group.clone(),
            round_number: held(value.key.number.try_into()),
            institution_codes: value.institutions.iter().map(ToString::to_string).collect(),
            participants: value.participants.clone(),
            minutes_reference: value.minutes_reference.clone(),
            coefficients: json(&value.coefficients),
            hold_date: value.hold_date,
        }
    }
}

/// What rounds are listed by: group and number.
pub(crate) type RoundOrder = (String, i32);

/// Lists a decomposition's rounds by group and number.
///
/// - `after`: the key of the last one already seen.
/// - `n`: the most to list.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    key: &BudgetKey,
    after: Option<RoundOrder>,
    n: usize,
) -> QueryResult<Vec<NegotiationRound>> {
    let of_key = negotiation_rounds::area
        .eq(key.area.as_str())
        .and(negotiation_rounds::fund_year.eq(key.fund_year.get()))
        .and(negotiation_rounds::fund_line.eq(key.fund_line.as_str()))
        .and(negotiation_rounds::district.eq(key.district.as_str()));
    let mut query = negotiation_rounds::table.filter(of_key).into_boxed();
    if let Some((group, number)) = after {
        let later = negotiation_rounds::group_id.gt(group.clone());
        let same = negotiation_rounds::group_id.eq(group).and(negotiation_rounds::round_number.gt(number));
        query = query.filter(later.or(same));
    }
    let query = query.order((negotiation_rounds::group_id, negotiation_rounds::round_number)).limit(limit(n));
    let rows: Vec<RoundRow> = query.select(RoundRow::as_select()).load(conn).await?;
    Ok(rows.into_iter().map(NegotiationRound::from).collect())
}

/// The highest number of a group's rounds; 0 if there is none.
pub(crate) async fn last_number(conn: &mut AsyncPgConnection, key: &RoundKey) -> QueryResult<u32> {
    let budget = &key.budget;
    let of_group = negotiation_rounds::area
        .eq(budget.area.as_str())
        .and(negotiation_rounds::fund_year.eq(budget.fund_year.get()))
        .and(negotiation_rounds::fund_line.eq(budget.fund_line.as_str()))
        .and(negotiation_rounds::district.eq(budget.district.as_str()))
        .and(negotiation_rounds::group_id.eq(&key.group));
    let numbers = negotiation_rounds::table.filter(of_group).select(negotiation_rounds::round_number);
    let last: Option<i32> =
        numbers.order(negotiation_rounds::round_number.desc()).first(conn).await.optional()?;
    Ok(last.map_or(0, |number| held(number.try_into())))
}

/// Writes a new round.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, value: &NegotiationRound) -> QueryResult<()> {
    let row = RoundRow::of(value);
    diesel::insert_into(negotiation_rounds::table).values(&row).execute(conn).await?;
    Ok(())
}

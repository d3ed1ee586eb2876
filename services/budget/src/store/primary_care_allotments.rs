use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::{Area, FundLine};
use uuid::Uuid;

use super::schema::primary_care_allotments;
use super::{from_json, held, json};
use crate::domain::primary_care::{Allotment, Rolled};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = primary_care_allotments)]
struct AllotmentRow {
    area: String,
    fund_year: i32,
    fund_line: String,
    rolled_in_fen: i64,
    earmark_fen: i64,
    allotted_fen: i64,
    rolled_out_fen: i64,
    lapsed_fen: i64,
    rolled_in: serde_json::Value,
    rolled_out: serde_json::Value,
    districts: serde_json::Value,
    decision: Option<Uuid>,
    allot_date: NaiveDate,
}

impl From<AllotmentRow> for Allotment {
    fn from(row: AllotmentRow) -> Self {
        Self {
            area: held(row.area.parse()),
            fund_year: held(row.fund_year.try_into()),
            fund_line: held(row.fund_line.parse()),
            earmark: Fen::new(row.earmark_fen),
            rolled_in: from_json(row.rolled_in),
            rolled_out: from_json(row.rolled_out),
            lapsed: Fen::new(row.lapsed_fen),
            districts: from_json(row.districts),
            decision: row.decision,
            allot_date: row.allot_date,
        }
    }
}

impl AllotmentRow {
    fn of(value: &Allotment) -> Self {
        let sum = |rolled: &[Rolled]| rolled.iter().map(|one| one.amount).sum::<Fen>().get();
        Self {
            area: value.area.to_string(),
            fund_year: value.fund_year.get(),
            fund_line: value.fund_line.to_string(),
            rolled_in_fen: sum(&value.rolled_in),
            earmark_fen: value.earmark.get(),
            allotted_fen: value.allotted().get(),
            rolled_out_fen: sum(&value.rolled_out),
            lapsed_fen: value.lapsed.get(),
            rolled_in: json(&value.rolled_in),
            rolled_out: json(&value.rolled_out),
            districts: json(&value.districts),
            decision: value.decision,
            allot_date: value.allot_date,
        }
    }
}

/// Reads a fund line's allotment.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: i32,
    fund_line: &FundLine,
) -> QueryResult<Option<Allotment>> {
    let found = primary_care_allotments::table.find((area.as_str(), fund_year, fund_line.as_str()));
    Ok(found.select(AllotmentRow::as_select()).first(conn).await.optional()?.map(Allotment::from))
}

/// Writes a new allotment.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, value: &Allotment) -> QueryResult<()> {
    let row = AllotmentRow::of(value);
    diesel::insert_into(primary_care_allotments::table).values(&row).execute(conn).await?;
    Ok(())
}

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use medfund_money::Fen;

use super::schema::reserves;
use super::{budget_key, find_row, lock_row, put_row};
use crate::domain::key::BudgetKey;
use crate::domain::reserve::{Cleared, Reserve};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = reserves)]
#[diesel(primary_key(area, fund_year, fund_line, district))]
#[diesel(treat_none_as_null = true)]
struct ReserveRow {
    area: String,
    fund_year: i32,
    fund_line: String,
    district: String,
    planned_fen: i64,
    drawn_fen: i64,
    primary_care_earmark_fen: i64,
    released_fen: Option<i64>,
    overspend_fen: Option<i64>,
    settled_fen: Option<i64>,
    primary_care_fen: i64,
    update_time: DateTime<Utc>,
}

impl From<ReserveRow> for Reserve {
    fn from(row: ReserveRow) -> Self {
        let cleared = row.overspend_fen.zip(row.settled_fen);
        Self {
            key: budget_key(&row.area, row.fund_year, &row.fund_line, &row.district),
            planned: Fen::new(row.planned_fen),
            drawn: Fen::new(row.drawn_fen),
            primary_care_earmark: Fen::new(row.primary_care_earmark_fen),
            released: row.released_fen.map(Fen::new),
            cleared: cleared.map(|(overspend, settled)| Cleared {
                overspend: Fen::new(overspend),
                settled: Fen::new(settled),
            }),
            primary_care: Fen::new(row.primary_care_fen),
        }
    }
}

impl ReserveRow {
    fn of(value: &Reserve, instant: DateTime<Utc>) -> Self {
        Self {
            area: value.key.area.to_string(),
            fund_year: value.key.fund_year.get(),
            fund_line: value.key.fund_line.to_string(),
            district: value.key.district.to_string(),
            planned_fen: value.planned.get(),
            drawn_fen: value.drawn.get(),
            primary_care_earmark_fen: value.primary_care_earmark.get(),
            released_fen: value.released.map(Fen::get),
            overspend_fen: value.cleared.map(|cleared| cleared.overspend.get()),
            settled_fen: value.cleared.map(|cleared| cleared.settled.get()),
            primary_care_fen: value.primary_care.get(),
            update_time: instant,
        }
    }
}

find_row!(reserves, ReserveRow, Reserve, |key: BudgetKey| (
    key.area.as_str(),
    key.fund_year.get(),
    key.fund_line.as_str(),
    key.district.as_str()
));
lock_row!(reserves, ReserveRow, Reserve, |key: BudgetKey| (
    key.area.as_str(),
    key.fund_year.get(),
    key.fund_line.as_str(),
    key.district.as_str()
));
put_row!(
    reserves,
    ReserveRow,
    Reserve,
    (reserves::area, reserves::fund_year, reserves::fund_line, reserves::district)
);

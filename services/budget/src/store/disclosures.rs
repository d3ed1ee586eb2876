use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, FundYear};
use uuid::Uuid;

use super::schema::disclosures;
use super::{Word, from_json, held, json, limit};
use crate::domain::disclosure::{Disclosure, DisclosureKind};

impl Word for DisclosureKind {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Budget, "budget"),
        (Self::Target, "target"),
        (Self::Structure, "structure"),
        (Self::Decomposition, "decomposition"),
        (Self::FinalAccount, "final_account"),
    ];
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = disclosures)]
struct DisclosureRow {
    area: String,
    disclosure_id: Uuid,
    subject: String,
    kind: String,
    fund_year: i32,
    lines: serde_json::Value,
    publish_date: NaiveDate,
    create_time: DateTime<Utc>,
}

impl From<DisclosureRow> for Disclosure {
    fn from(row: DisclosureRow) -> Self {
        Self {
            area: held(row.area.parse()),
            id: row.disclosure_id,
            subject: row.subject,
            kind: Word::from_word(&row.kind),
            fund_year: held(row.fund_year.try_into()),
            lines: from_json(row.lines),
            publish_date: row.publish_date,
            create_time: row.create_time,
        }
    }
}

impl DisclosureRow {
    fn of(value: &Disclosure) -> Self {
        Self {
            area: value.area.to_string(),
            disclosure_id: value.id,
            subject: value.subject.clone(),
            kind: value.kind.word().to_owned(),
            fund_year: value.fund_year.get(),
            lines: json(&value.lines),
            publish_date: value.publish_date,
            create_time: value.create_time,
        }
    }
}

/// Lists a fund year's disclosures by id.
///
/// - `after`: the id of the last one already seen.
/// - `n`: the most to list.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
    after: Option<Uuid>,
    n: usize,
) -> QueryResult<Vec<Disclosure>> {
    let of_year = disclosures::area.eq(area.as_str()).and(disclosures::fund_year.eq(fund_year.get()));
    let mut query = disclosures::table.filter(of_year).into_boxed();
    if let Some(after) = after {
        query = query.filter(disclosures::disclosure_id.gt(after));
    }
    let query = query.order(disclosures::disclosure_id).limit(limit(n));
    let rows: Vec<DisclosureRow> = query.select(DisclosureRow::as_select()).load(conn).await?;
    Ok(rows.into_iter().map(Disclosure::from).collect())
}

/// Writes a new disclosure.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, value: &Disclosure) -> QueryResult<()> {
    let row = DisclosureRow::of(value);
    diesel::insert_into(disclosures::table).values(&row).execute(conn).await?;
    Ok(())
}

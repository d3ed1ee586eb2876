use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::Area;
use uuid::Uuid;

use super::read;
use super::schema::decisions;
use crate::domain::decision::Decision;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = decisions)]
struct DecisionRow {
    area: String,
    decision_id: Uuid,
    body: String,
    matter: String,
    district: Option<String>,
    fund_year: i32,
    subject: String,
    approved: bool,
    meeting_date: NaiveDate,
}

/// Keeps a decision that was heard of.
pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    area: &Area,
    decision: &Decision,
) -> Result<(), DbError> {
    let row = DecisionRow {
        area: area.to_string(),
        decision_id: decision.id,
        body: decision.body.clone(),
        matter: decision.matter.clone(),
        district: decision.district.as_ref().map(ToString::to_string),
        fund_year: decision.fund_year.get(),
        subject: decision.subject.clone(),
        approved: decision.approved,
        meeting_date: decision.meeting_date,
    };
    diesel::insert_into(decisions::table).values(row).execute(conn).await?;
    Ok(())
}

/// A decision, if it was heard of.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> Result<Option<Decision>, DbError> {
    let found = decisions::table.find((area.as_str(), id)).select(DecisionRow::as_select());
    let row: Option<DecisionRow> = found.first(conn).await.optional()?;
    row.map(decision).transpose()
}

fn decision(row: DecisionRow) -> Result<Decision, DbError> {
    Ok(Decision {
        id: row.decision_id,
        body: row.body,
        matter: row.matter,
        district: row.district.map(read).transpose()?,
        fund_year: read(row.fund_year)?,
        subject: row.subject,
        approved: row.approved,
        meeting_date: row.meeting_date,
    })
}

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_types::{Area, FundYear};
use uuid::Uuid;

use super::schema::decisions;
use super::{Word, held};
use crate::domain::decision::{Decision, DecisionState};

impl Word for DecisionState {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::Recorded, "recorded"), (Self::Confirmed, "confirmed")];
}

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
    members_present: Vec<String>,
    /// For, against, abstentions.
    votes: Vec<i32>,
    minutes_reference: String,
    state: String,
    maker: String,
    checker: Option<String>,
    create_time: DateTime<Utc>,
}

impl From<DecisionRow> for Decision {
    fn from(row: DecisionRow) -> Self {
        let votes: [i32; 3] = held(row.votes.try_into());
        let [n_votes_for, n_votes_against, n_abstentions] = votes.map(|n| held(u32::try_from(n)));
        Self {
            area: held(row.area.parse()),
            id: row.decision_id,
            body: row.body,
            matter: row.matter,
            district: row.district.map(|code| held(code.parse())),
            fund_year: held(row.fund_year.try_into()),
            subject: row.subject,
            approved: row.approved,
            meeting_date: row.meeting_date,
            members_present: row.members_present,
            n_votes_for,
            n_votes_against,
            n_abstentions,
            minutes_reference: row.minutes_reference,
            state: Word::from_word(&row.state),
            maker: row.maker,
            checker: row.checker,
        }
    }
}

impl DecisionRow {
    fn of(decision: &Decision, create_time: DateTime<Utc>) -> Self {
        Self {
            area: decision.area.to_string(),
            decision_id: decision.id,
            body: decision.body.clone(),
            matter: decision.matter.clone(),
            district: decision.district.as_ref().map(ToString::to_string),
            fund_year: decision.fund_year.get(),
            subject: decision.subject.clone(),
            approved: decision.approved,
            meeting_date: decision.meeting_date,
            members_present: decision.members_present.clone(),
            votes: [decision.n_votes_for, decision.n_votes_against, decision.n_abstentions]
                .map(|n| held(n.try_into()))
                .to_vec(),
            minutes_reference: decision.minutes_reference.clone(),
            state: decision.state.word().to_owned(),
            maker: decision.maker.clone(),
            checker: decision.checker.clone(),
            create_time,
        }
    }
}

/// Reads a decision.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> QueryResult<Option<Decision>> {
    let found = decisions::table.find((area.as_str(), id)).select(DecisionRow::as_select());
    Ok(found.first(conn).await.optional()?.map(Decision::from))
}

/// Reads a decision and locks its row until the caller's transaction ends.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    id: Uuid,
) -> QueryResult<Option<Decision>> {
    let found = decisions::table.find((area.as_str(), id)).select(DecisionRow::as_select()).for_update();
    Ok(found.first(conn).await.optional()?.map(Decision::from))
}

/// Lists a fund year's decisions by id.
///
/// - `after`: the id of the last one already seen.
/// - `limit`: the most to list.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
    after: Option<Uuid>,
    limit: usize,
) -> QueryResult<Vec<Decision>> {
    let of_year = decisions::area.eq(area.as_str()).and(decisions::fund_year.eq(fund_year.get()));
    let mut query = decisions::table.filter(of_year).into_boxed();
    if let Some(after) = after {
        query = query.filter(decisions::decision_id.gt(after));
    }
    let rows: Vec<DecisionRow> = query
        .order(decisions::decision_id)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(DecisionRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Decision::from).collect())
}

/// Writes a new decision.
pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    decision: &Decision,
    instant: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::insert_into(decisions::table).values(DecisionRow::of(decision, instant)).execute(conn).await?;
    Ok(())
}

/// Writes that a decision was confirmed; nothing else of it ever changes.
pub(crate) async fn update(conn: &mut AsyncPgConnection, decision: &Decision) -> QueryResult<()> {
    diesel::update(decisions::table.find((decision.area.as_str(), decision.id)))
        .set((decisions::state.eq(decision.state.word()), decisions::checker.eq(&decision.checker)))
        .execute(conn)
        .await?;
    Ok(())
}

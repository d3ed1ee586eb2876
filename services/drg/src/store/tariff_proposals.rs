use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_db::DbError;
use medfund_types::{Area, InstitutionCode};
use serde_json::Value;
use uuid::Uuid;

use super::schema::tariff_proposals;
use super::{Page, from_json, read, to_json};
use crate::domain::tariff::proposal::{Decision, Proposal};

#[derive(Queryable, Selectable)]
#[diesel(table_name = tariff_proposals)]
struct ProposalRow {
    area: String,
    tariff_id: Uuid,
    proposal_id: Uuid,
    round: i32,
    institution_code: String,
    drg: String,
    change: Value,
    before: Option<Value>,
    reason: String,
    proposer: String,
    create_time: DateTime<Utc>,
    accepted: Option<bool>,
    decider: Option<String>,
    note: Option<String>,
    decide_time: Option<DateTime<Utc>>,
}

fn from_row(row: ProposalRow) -> Result<Proposal, DbError> {
    let institution = Some(row.institution_code).filter(|code| !code.is_empty());
    let decision = match (row.accepted, row.decider, row.note, row.decide_time) {
        (Some(accepted), Some(decider), Some(note), Some(time)) => {
            Some(Decision { accepted, decider, note, time })
        }
        _ => None,
    };
    Ok(Proposal {
        area: read(row.area)?,
        tariff: row.tariff_id,
        id: row.proposal_id,
        round: row.round,
        institution: institution.map(read).transpose()?,
        group: read(row.drg)?,
        change: from_json(row.change)?,
        before: row.before.map(from_json).transpose()?,
        reason: row.reason,
        proposer: row.proposer,
        create_time: row.create_time,
        decision,
    })
}

/// What proposals are listed by.
pub(crate) type ProposalKey = (DateTime<Utc>, Uuid);

/// Reads a proposal.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    tariff: Uuid,
    id: Uuid,
) -> Result<Option<Proposal>, DbError> {
    let found = tariff_proposals::table.find((area.as_str(), tariff, id)).select(ProposalRow::as_select());
    found.first(conn).await.optional()?.map(from_row).transpose()
}

/// How many proposals of a tariff are not decided.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn count_open(
    conn: &mut AsyncPgConnection,
    area: &Area,
    tariff: Uuid,
) -> Result<i64, DbError> {
    let open = tariff_proposals::table
        .filter(tariff_proposals::area.eq(area.as_str()))
        .filter(tariff_proposals::tariff_id.eq(tariff))
        .filter(tariff_proposals::decider.is_null())
        .count();
    Ok(open.get_result(conn).await?)
}

/// How many proposals were made in a round for an institution, or for the agency.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn count_of(
    conn: &mut AsyncPgConnection,
    area: &Area,
    tariff: Uuid,
    (round, institution): (i32, Option<&InstitutionCode>),
) -> Result<i64, DbError> {
    let own = tariff_proposals::table
        .filter(tariff_proposals::area.eq(area.as_str()))
        .filter(tariff_proposals::tariff_id.eq(tariff))
        .filter(tariff_proposals::round.eq(round))
        .filter(tariff_proposals::institution_code.eq(institution.map_or("", InstitutionCode::as_str)))
        .count();
    Ok(own.get_result(conn).await?)
}

/// Lists proposals by the time they were made, then id, one more than the page holds.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    tariff: Uuid,
    page: &Page<ProposalKey>,
) -> Result<Vec<Proposal>, DbError> {
    use tariff_proposals::{create_time, proposal_id};
    let mut query = tariff_proposals::table
        .filter(tariff_proposals::area.eq(area.as_str()))
        .filter(tariff_proposals::tariff_id.eq(tariff))
        .into_boxed();
    if let Some((time, id)) = page.after {
        query = query.filter(create_time.gt(time).or(create_time.eq(time).and(proposal_id.gt(id))));
    }
    let rows = query
        .order((create_time, proposal_id))
        .limit(page.limit())
        .select(ProposalRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// Writes a new proposal; `false` if its id is taken.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, proposal: &Proposal) -> Result<bool, DbError> {
    let institution = proposal.institution.as_ref().map_or("", InstitutionCode::as_str);
    let n_made = diesel::insert_into(tariff_proposals::table)
        .values((
            tariff_proposals::area.eq(proposal.area.as_str()),
            tariff_proposals::tariff_id.eq(proposal.tariff),
            tariff_proposals::proposal_id.eq(proposal.id),
            tariff_proposals::round.eq(proposal.round),
            tariff_proposals::institution_code.eq(institution),
            tariff_proposals::drg.eq(proposal.group.as_str()),
            tariff_proposals::change.eq(to_json(&proposal.change)),
            tariff_proposals::before.eq(proposal.before.as_ref().map(to_json)),
            tariff_proposals::reason.eq(&proposal.reason),
            tariff_proposals::proposer.eq(&proposal.proposer),
            tariff_proposals::create_time.eq(proposal.create_time),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(n_made == 1)
}

/// Writes what became of a proposal.
///
/// # Errors
///
/// What the database refuses.
pub(crate) async fn update(conn: &mut AsyncPgConnection, proposal: &Proposal) -> Result<(), DbError> {
    let decision = proposal.decision.as_ref();
    diesel::update(tariff_proposals::table.find((proposal.area.as_str(), proposal.tariff, proposal.id)))
        .set((
            tariff_proposals::accepted.eq(decision.map(|decision| decision.accepted)),
            tariff_proposals::decider.eq(decision.map(|decision| &decision.decider)),
            tariff_proposals::note.eq(decision.map(|decision| &decision.note)),
            tariff_proposals::decide_time.eq(decision.map(|decision| decision.time)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

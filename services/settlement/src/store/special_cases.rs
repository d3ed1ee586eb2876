use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use medfund_money::Fen;
use medfund_types::{Area, District, FundLine, FundYear, InstitutionCode, SettlementMonth};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::columns::{Evidence, HeardExperts, Kind, ProposedOutcome};
use super::schema::special_cases;
use crate::domain::accounts::Pot;
use crate::domain::special_case::{Review, SpecialCaseState};

/// A case that its institution wants reviewed singly.
#[derive(Clone, Debug, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = special_cases, treat_none_as_null = true)]
pub(crate) struct SpecialCaseRow {
    pub(crate) area: Area,
    pub(crate) institution_code: InstitutionCode,
    pub(crate) setl_id: String,
    pub(crate) fund_year: FundYear,
    pub(crate) fund_line: FundLine,
    pub(crate) kind_of_care: Kind,
    pub(crate) district: District,
    pub(crate) settlement_month: SettlementMonth,
    pub(crate) medfee_sumamt_fen: Fen,
    pub(crate) reason: String,
    pub(crate) evidence: Evidence,
    pub(crate) state: SpecialCaseState,
    pub(crate) answer: String,
    pub(crate) seed: Option<Uuid>,
    pub(crate) experts: HeardExperts,
    pub(crate) proposal: ProposedOutcome,
    pub(crate) reviewed_cost_fen: Option<Fen>,
    pub(crate) checker: Option<String>,
    pub(crate) create_time: DateTime<Utc>,
    pub(crate) update_time: DateTime<Utc>,
    pub(crate) version: i64,
}

impl SpecialCaseRow {
    /// How far its review has come.
    pub(crate) fn review(&self) -> Review {
        Review { state: self.state, experts: self.experts.0.clone(), proposal: self.proposal.0.clone() }
    }

    /// The case with its review come further.
    pub(crate) fn with(self, review: Review) -> Self {
        let granted = review.proposal.as_ref().filter(|_| review.state == SpecialCaseState::Granted);
        let reviewed_cost = granted.and_then(|proposal| proposal.reviewed_cost);
        Self {
            state: review.state,
            experts: HeardExperts(review.experts),
            reviewed_cost_fen: reviewed_cost.map(medfund_money::PositiveFen::get),
            proposal: ProposedOutcome(review.proposal),
            ..self
        }
    }
}

/// Inserts what is new.
pub(crate) async fn insert(conn: &mut AsyncPgConnection, row: &SpecialCaseRow) -> QueryResult<()> {
    diesel::insert_into(special_cases::table).values(row).execute(conn).await?;
    Ok(())
}

/// Reads a case.
pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    area: &Area,
    institution: &InstitutionCode,
    setl_id: &str,
) -> QueryResult<Option<SpecialCaseRow>> {
    let found = special_cases::table.find((area.as_str(), institution.as_str(), setl_id));
    found.select(SpecialCaseRow::as_select()).first(conn).await.optional()
}

/// Reads a case and locks its row until the transaction ends.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    area: &Area,
    institution: &InstitutionCode,
    setl_id: &str,
) -> QueryResult<Option<SpecialCaseRow>> {
    let found = special_cases::table.find((area.as_str(), institution.as_str(), setl_id));
    found.select(SpecialCaseRow::as_select()).for_update().first(conn).await.optional()
}

/// Stores how far a case has come.
pub(crate) async fn update(conn: &mut AsyncPgConnection, row: &SpecialCaseRow) -> QueryResult<()> {
    let found = special_cases::table.find((&row.area, &row.institution_code, &row.setl_id));
    diesel::update(found).set(row).execute(conn).await?;
    Ok(())
}

/// Counts the cases that an institution filed of a fund year, fund line and kind of care.
pub(crate) async fn count(
    conn: &mut AsyncPgConnection,
    (area, institution): (&Area, &InstitutionCode),
    fund_year: FundYear,
    (fund_line, kind_of_care): (&FundLine, Kind),
) -> QueryResult<i64> {
    special_cases::table
        .filter(special_cases::area.eq(area.as_str()))
        .filter(special_cases::institution_code.eq(institution.as_str()))
        .filter(special_cases::fund_year.eq(fund_year.get()))
        .filter(special_cases::fund_line.eq(fund_line.as_str()))
        .filter(special_cases::kind_of_care.eq(kind_of_care))
        .count()
        .get_result(conn)
        .await
}

/// Counts the cases of a fund year and fund line in a district that nothing is decided of.
pub(crate) async fn count_open(conn: &mut AsyncPgConnection, area: &Area, pot: &Pot) -> QueryResult<i64> {
    let open = [SpecialCaseState::Filed, SpecialCaseState::Heard, SpecialCaseState::Proposed];
    special_cases::table
        .filter(special_cases::area.eq(area.as_str()))
        .filter(special_cases::fund_year.eq(pot.fund_year.get()))
        .filter(special_cases::fund_line.eq(pot.fund_line.as_str()))
        .filter(special_cases::district.eq(pot.district.as_str()))
        .filter(special_cases::state.eq_any(open))
        .count()
        .get_result(conn)
        .await
}

/// Lists a fund year's cases after an institution and settlement id, by both.
pub(crate) async fn list(
    conn: &mut AsyncPgConnection,
    area: &Area,
    fund_year: FundYear,
    (institution, setl_id): (&str, &str),
    limit: i64,
) -> QueryResult<Vec<SpecialCaseRow>> {
    let later = special_cases::institution_code.eq(institution.to_owned());
    let later = later.and(special_cases::setl_id.gt(setl_id.to_owned()));
    special_cases::table
        .filter(special_cases::area.eq(area.as_str()))
        .filter(special_cases::fund_year.eq(fund_year.get()))
        .filter(special_cases::institution_code.gt(institution.to_owned()).or(later))
        .order((special_cases::institution_code, special_cases::setl_id))
        .limit(limit)
        .select(SpecialCaseRow::as_select())
        .load(conn)
        .await
}

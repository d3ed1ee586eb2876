//! What was read or done becomes a message.

use medfund_proto::settlement::v1 as pb;
use medfund_server::Context;
use medfund_server::convert::{etag, kind_of_care_to_pb, settlement_month_to_pb, timestamp_to_pb};
use medfund_types::Area;

use crate::app::special_cases::CaseKey;
use crate::domain::special_case::{HeardExpert, SpecialCaseState};
use crate::store::experts::ExpertRow;
use crate::store::special_cases::SpecialCaseRow;

pub(super) fn expert(row: &ExpertRow) -> pb::Expert {
    pb::Expert {
        name: expert_name(&row.area, &row.expert),
        institution_code: row.institution_code.as_ref().map(ToString::to_string).unwrap_or_default(),
        specialty: row.specialty.clone(),
        active: row.retire_time.is_none(),
        create_time: Some(timestamp_to_pb(row.create_time)),
        retire_time: row.retire_time.map(timestamp_to_pb),
    }
}

fn expert_name(area: &Area, expert: &str) -> String {
    format!("areas/{area}/experts/{expert}")
}

/// What a page of special cases goes on after.
pub(super) fn key(row: &SpecialCaseRow) -> (String, String) {
    (row.institution_code.to_string(), row.setl_id.clone())
}

pub(super) fn special_case(row: &SpecialCaseRow) -> pb::SpecialCase {
    use pb::special_case::State;
    let state = match row.state {
        SpecialCaseState::Filed => State::Filed,
        SpecialCaseState::Refused => State::Refused,
        SpecialCaseState::Heard => State::Heard,
        SpecialCaseState::Proposed => State::Proposed,
        SpecialCaseState::Granted => State::Granted,
        SpecialCaseState::Dismissed => State::Dismissed,
    };
    let key = CaseKey { institution: row.institution_code.clone(), setl_id: row.setl_id.clone() };
    let proposal = row.proposal.0.as_ref();
    let reviewed = proposal.and_then(|proposal| proposal.reviewed_cost);
    pb::SpecialCase {
        name: key.name(&row.area),
        bill: format!("areas/{}/institutions/{}/bills/{}", row.area, key.institution, key.setl_id),
        fund_year: row.fund_year.get(),
        fund_line: row.fund_line.to_string(),
        kind_of_care: kind_of_care_to_pb(row.kind_of_care.0).into(),
        settlement_month: Some(settlement_month_to_pb(row.settlement_month)),
        medfee_sumamt_fen: row.medfee_sumamt_fen.get(),
        reason: row.reason.clone(),
        evidence: row.evidence.0.clone(),
        state: state.into(),
        answer: row.answer.clone(),
        seed: row.seed.map(|seed| seed.to_string()).unwrap_or_default(),
        experts: row.experts.0.iter().map(|one| hearing(&row.area, one)).collect(),
        reviewed_cost_fen: reviewed.map_or(0, |cost| cost.get().get()),
        note: proposal.map(|proposal| proposal.note.clone()).unwrap_or_default(),
        maker: proposal.map(|proposal| proposal.maker.clone()).unwrap_or_default(),
        checker: row.checker.clone().unwrap_or_default(),
        create_time: Some(timestamp_to_pb(row.create_time)),
        update_time: Some(timestamp_to_pb(row.update_time)),
        etag: etag(row.version),
    }
}

/// A case as the caller may see it: an institution does not learn who hears its case.
pub(super) fn shown(context: &Context, row: &SpecialCaseRow) -> pb::SpecialCase {
    let case = special_case(row);
    if context.caller().institution.is_none() {
        return case;
    }
    pb::SpecialCase { seed: String::new(), experts: Vec::new(), ..case }
}

fn hearing(area: &Area, one: &HeardExpert) -> pb::HearingExpert {
    let opinion = one.opinion.as_ref();
    pb::HearingExpert {
        expert: expert_name(area, &one.expert),
        has_opinion: opinion.is_some(),
        in_favour: opinion.is_some_and(|opinion| opinion.is_in_favour),
        opinion: opinion.map(|opinion| opinion.text.clone()).unwrap_or_default(),
    }
}

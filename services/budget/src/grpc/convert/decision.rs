use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::decision::State;
use medfund_server::convert::{date, date_to_pb, split_page, uuid};
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::{Area, District, FundYear};
use uuid::Uuid;

use super::{call, fund_year_name, page, read, text};
use crate::app::confirm_decision::ConfirmDecision;
use crate::app::record_decision::RecordDecision;
use crate::app::{Page, Read};
use crate::domain::decision::{Decision, DecisionState};

const MAX_MEMBERS: usize = 100;
const MAX_NAME: usize = 200;
const MAX_MINUTES: usize = 200;

pub(in crate::grpc) fn record_decision(
    context: &Context,
    request: pb::RecordDecisionRequest,
) -> Result<RecordDecision, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", decision_name(context, &request.name));
    let area = name.as_ref().map(|(area, _)| area.clone());
    let call = call(&mut bad, context, area.as_ref(), &request.request_id, false);
    let body = bad.take("body", text(request.body, MAX_NAME));
    let matter = bad.take("matter", text(request.matter, MAX_NAME));
    let district = bad.take_text("district", &request.district, str::parse::<District>);
    let fund_year = bad.take("fund_year", FundYear::try_from(request.fund_year));
    let subject = bad.take("subject", subject(area.as_ref(), request.subject));
    let meeting_date = bad.take("meeting_date", date(request.meeting_date));
    let members = members(&mut bad, request.members_present);
    let count = |n: i32| u32::try_from(n).map_err(|_| "must not be negative");
    let n_votes_for = bad.take("n_votes_for", count(request.n_votes_for));
    let n_votes_against = bad.take("n_votes_against", count(request.n_votes_against));
    let n_abstentions = bad.take("n_abstentions", count(request.n_abstentions));
    let minutes_reference = bad.take("minutes_reference", text(request.minutes_reference, MAX_MINUTES));
    bad.finish(|| {
        let (area, id) = name?;
        let decision = Decision {
            area,
            id,
            body: body?,
            matter: matter?,
            district: district?,
            fund_year: fund_year?,
            subject: subject?,
            approved: request.approved,
            meeting_date: meeting_date?,
            members_present: members?,
            n_votes_for: n_votes_for?,
            n_votes_against: n_votes_against?,
            n_abstentions: n_abstentions?,
            minutes_reference: minutes_reference?,
            state: DecisionState::Recorded,
            maker: context.caller().subject.clone(),
            checker: None,
        };
        Some(RecordDecision { call: call?, decision })
    })
}

fn members(bad: &mut Violations, members: Vec<String>) -> Option<Vec<String>> {
    if members.is_empty() || members.len() > MAX_MEMBERS {
        bad.add("members_present", "must name 1 to 100 members");
        return None;
    }
    bad.each("members_present", members, |bad, member| bad.take("", text(member, MAX_NAME)))
}

fn subject(area: Option<&Area>, subject: String) -> Result<String, FieldProblem> {
    let own = area.is_none_or(|area| subject.starts_with(&format!("areas/{area}/")));
    if subject.is_empty() || own {
        return text_or_empty(subject);
    }
    Err(FieldProblem::Malformed("must be the name of a resource of the same area".to_owned()))
}

fn text_or_empty(subject: String) -> Result<String, FieldProblem> {
    super::optional_text(subject, MAX_NAME)
}

pub(in crate::grpc) fn confirm_decision(
    context: &Context,
    request: &pb::ConfirmDecisionRequest,
) -> Result<ConfirmDecision, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", decision_name(context, &request.name));
    let area = name.as_ref().map(|(area, _)| area);
    let call = call(&mut bad, context, area, &request.request_id, false);
    bad.finish(|| Some(ConfirmDecision { call: call?, decision: name?.1 }))
}

pub(in crate::grpc) fn get_decision(
    context: &Context,
    request: &pb::GetDecisionRequest,
) -> Result<(Read, Uuid), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", decision_name(context, &request.name));
    bad.finish(|| name.map(|(area, id)| (read(context, area), id)))
}

pub(in crate::grpc) fn list_decisions(
    context: &Context,
    request: &pb::ListDecisionsRequest,
) -> Result<(Read, FundYear, Page<Uuid>), Violations> {
    let mut bad = Violations::default();
    let parent = bad.take("parent", fund_year_name(context, &request.parent));
    let page = page(&mut bad, &request.parent, request.page_size, &request.page_token);
    bad.finish(|| {
        let (area, fund_year) = parent?;
        Some((read(context, area), fund_year, page?))
    })
}

/// Reads the name of a decision.
pub(in crate::grpc) fn decision_name(context: &Context, name: &str) -> Result<(Area, Uuid), FieldProblem> {
    let name = context.name::<1>("areas/{area}/decisions/{decision}", name)?;
    Ok((name.area, uuid(name.ids[0])?))
}

pub(in crate::grpc) fn decisions_to_pb(
    decisions: Vec<Decision>,
    size: usize,
    request: &pb::ListDecisionsRequest,
) -> pb::ListDecisionsResponse {
    let (decisions, next_page_token) =
        split_page(decisions, size, |decision| decision.id, &[&request.parent]);
    pb::ListDecisionsResponse { decisions: decisions.iter().map(decision_to_pb).collect(), next_page_token }
}

pub(in crate::grpc) fn decision_to_pb(decision: &Decision) -> pb::Decision {
    let state = match decision.state {
        DecisionState::Recorded => State::Recorded,
        DecisionState::Confirmed => State::Confirmed,
    };
    let count = |n: u32| i32::try_from(n).expect("a count that came in as an int32");
    pb::Decision {
        name: decision.name(),
        body: decision.body.clone(),
        matter: decision.matter.clone(),
        district: decision.district.as_ref().map(ToString::to_string).unwrap_or_default(),
        fund_year: decision.fund_year.get(),
        subject: decision.subject.clone(),
        approved: decision.approved,
        meeting_date: Some(date_to_pb(decision.meeting_date)),
        members_present: decision.members_present.clone(),
        n_votes_for: count(decision.n_votes_for),
        n_votes_against: count(decision.n_votes_against),
        n_abstentions: count(decision.n_abstentions),
        minutes_reference: decision.minutes_reference.clone(),
        state: state.into(),
        maker: decision.maker.clone(),
        checker: decision.checker.clone().unwrap_or_default(),
    }
}

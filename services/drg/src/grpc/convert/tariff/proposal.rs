use medfund_proto::auth::v1::Role;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::proposed_change::Change as PbChange;
use medfund_proto::drg::v1::tariff_proposal::State;
use medfund_server::convert::{split_page, timestamp_to_pb, uuid};
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::{Area, InstitutionCode};
use uuid::Uuid;

use super::group::{coefficient_to_pb, scoped_coefficient, standard, standard_to_pb};
use super::{tariff_name, tariff_name_to_pb};
use crate::app::Read;
use crate::app::tariff::decide_proposal::DecideProposal;
use crate::app::tariff::propose_change::ProposeChange;
use crate::domain::tariff::proposal::{Change, Proposal};
use crate::grpc::convert::{call, page_of};
use crate::store::Page;
use crate::store::tariff_proposals::ProposalKey;

const PROPOSAL: &str = "areas/{area}/tariffs/{tariff}/proposals/{proposal}";
const MAX_WORDS: usize = 500;

struct Name {
    area: Area,
    tariff: Uuid,
    id: Uuid,
}

fn proposal_name(context: &Context, name: &str) -> Result<Name, FieldProblem> {
    let name = context.name::<2>(PROPOSAL, name)?;
    let [tariff, id] = name.ids;
    Ok(Name { area: name.area, tariff: uuid(tariff)?, id: uuid(id)? })
}

pub(in crate::grpc) fn propose_change(
    context: &Context,
    request: &pb::ProposeChangeRequest,
) -> Result<ProposeChange, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", proposal_name(context, &request.name));
    let institution = bad.take("institution_code", proposer(context, &request.institution_code));
    let group = bad.take("drg", request.drg.parse());
    let given = bad.require("change", request.change.as_ref());
    let change = given.and_then(|given| bad.within("change", |bad| change(bad, given)));
    let reason = bad.take("reason", words(&request.reason));
    let call = call(&mut bad, context, name.as_ref().map(|name| &name.area), &request.request_id);
    bad.finish(|| {
        let Name { tariff, id, .. } = name?;
        Some(ProposeChange {
            call: call?,
            tariff,
            id,
            institution: institution?,
            group: group?,
            change: change?,
            reason: reason?,
        })
    })
}

/// The institution for which a change is proposed: an institution's officer proposes for no other.
fn proposer(context: &Context, code: &str) -> Result<Option<InstitutionCode>, FieldProblem> {
    if code.is_empty() {
        let problem = || FieldProblem::Malformed("must be the caller's own".to_owned());
        return if context.has_role(Role::Institution) { Err(problem()) } else { Ok(None) };
    }
    let code: InstitutionCode = code.parse()?;
    context.owns_institution(&code)?;
    Ok(Some(code))
}

pub(super) fn change(bad: &mut Violations, given: &pb::ProposedChange) -> Option<Change> {
    match &given.change {
        Some(PbChange::DrgWeight(weight)) => bad.take("drg_weight", weight.parse()).map(Change::Weight),
        Some(PbChange::Standard(given)) => {
            let taken = bad.within("standard", |bad| standard(bad, given));
            taken.map(|(scope, amount)| Change::Standard(scope, amount))
        }
        Some(PbChange::Coefficient(given)) => {
            let taken = bad.within("coefficient", |bad| scoped_coefficient(bad, given));
            taken.map(|(scope, coefficient)| Change::Coefficient(scope, coefficient))
        }
        None => {
            bad.add("change", "must be a weight, a standard or a coefficient");
            None
        }
    }
}

fn words(text: &str) -> Result<String, String> {
    let fits = (1..=MAX_WORDS).contains(&text.chars().count());
    if fits { Ok(text.to_owned()) } else { Err(format!("must have 1 to {MAX_WORDS} characters")) }
}

pub(in crate::grpc) fn decide_proposal(
    context: &Context,
    request: &pb::DecideProposalRequest,
) -> Result<DecideProposal, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", proposal_name(context, &request.name));
    let note = bad.take("note", words(&request.note));
    let call = call(&mut bad, context, name.as_ref().map(|name| &name.area), &request.request_id);
    bad.finish(|| {
        let Name { tariff, id, .. } = name?;
        Some(DecideProposal { call: call?, tariff, id, accepted: request.accept, note: note? })
    })
}

pub(in crate::grpc) fn list_proposals(
    context: &Context,
    request: &pb::ListProposalsRequest,
) -> Result<(Read, Uuid, Page<ProposalKey>), Violations> {
    page_of(context, tariff_name, &request.parent, request.page_size, &request.page_token)
}

pub(in crate::grpc) fn proposals_to_pb(
    proposals: Vec<Proposal>,
    size: usize,
    request: &pb::ListProposalsRequest,
) -> pb::ListProposalsResponse {
    let key = |proposal: &Proposal| (proposal.create_time, proposal.id);
    let (proposals, next_page_token) = split_page(proposals, size, key, &[&request.parent]);
    let tariff_proposals = proposals.iter().map(proposal_to_pb).collect();
    pb::ListProposalsResponse { tariff_proposals, next_page_token }
}

pub(in crate::grpc) fn proposal_to_pb(proposal: &Proposal) -> pb::TariffProposal {
    let decision = proposal.decision.as_ref();
    let state = match decision.map(|decision| decision.accepted) {
        None => State::Open,
        Some(true) => State::Accepted,
        Some(false) => State::Rejected,
    };
    let tariff = tariff_name_to_pb(&proposal.area, proposal.tariff);
    pb::TariffProposal {
        name: format!("{tariff}/proposals/{}", proposal.id),
        round: proposal.round,
        institution_code: proposal.institution.as_ref().map(ToString::to_string).unwrap_or_default(),
        drg: proposal.group.to_string(),
        change: Some(change_to_pb(&proposal.change)),
        before: proposal.before.as_ref().map(change_to_pb),
        reason: proposal.reason.clone(),
        state: state.into(),
        proposer: proposal.proposer.clone(),
        decider: decision.map(|decision| decision.decider.clone()).unwrap_or_default(),
        note: decision.map(|decision| decision.note.clone()).unwrap_or_default(),
        create_time: Some(timestamp_to_pb(proposal.create_time)),
        decide_time: decision.map(|decision| timestamp_to_pb(decision.time)),
    }
}

fn change_to_pb(change: &Change) -> pb::ProposedChange {
    let change = match change {
        Change::Weight(weight) => PbChange::DrgWeight(weight.to_string()),
        Change::Standard(scope, amount) => PbChange::Standard(standard_to_pb(scope, *amount)),
        Change::Coefficient(scope, coefficient) => {
            PbChange::Coefficient(coefficient_to_pb(scope, *coefficient))
        }
    };
    pb::ProposedChange { change: Some(change) }
}

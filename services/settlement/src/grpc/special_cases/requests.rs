//! Requests become commands; every bad field is told at once.

use medfund_proto::settlement::v1 as pb;
use medfund_server::convert::{self, fen_not_negative};
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::{Area, FundYear, InstitutionCode};

use crate::app::special_cases::CaseKey;
use crate::app::special_cases::answer::AnswerSpecialCase;
use crate::app::special_cases::decide::DecideOutcome;
use crate::app::special_cases::experts::{RegisterExpert, RetireExpert};
use crate::app::special_cases::file::FileSpecialCase;
use crate::app::special_cases::propose::ProposeOutcome;
use crate::app::special_cases::record_opinion::RecordOpinion;
use crate::app::{Page, Read};
use crate::domain::special_case::Opinion;
use crate::grpc::scope;
use crate::grpc::settlement::requests::{call, page, read, text, year};

const CASE_NAME: &str = "areas/{area}/institutions/{institution}/specialCases/{setl_id}";
const EXPERT_NAME: &str = "areas/{area}/experts/{expert}";
/// A page of cases by institution and settlement id.
type CasePage = Page<(String, String)>;

const MAX_EXPERT_CHARS: usize = 40;
const MAX_TEXT_CHARS: usize = 500;
const MAX_EVIDENCE: usize = 20;

fn case(context: &Context, name: &str) -> Result<(Area, CaseKey), FieldProblem> {
    let name = context.name::<2>(CASE_NAME, name)?;
    let institution = scope::own_institution(context, name.ids[0])?;
    Ok((name.area, CaseKey { institution, setl_id: name.ids[1].to_owned() }))
}

/// Reads an expert's name; its id tells nothing of the person.
fn expert(context: &Context, name: &str) -> Result<(Area, String), FieldProblem> {
    let name = context.name::<1>(EXPERT_NAME, name)?;
    let id = name.ids[0];
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.len() > MAX_EXPERT_CHARS || !id.chars().all(is_plain) {
        let what = "must have an id of 1 to 40 lower-case letters, digits and hyphens";
        return Err(FieldProblem::Malformed(what.to_owned()));
    }
    Ok((name.area, id.to_owned()))
}

pub(super) fn register_expert(
    context: &Context,
    request: &pb::RegisterExpertRequest,
) -> Result<RegisterExpert, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", expert(context, &request.name));
    let code = &request.institution_code;
    let institution = if code.is_empty() {
        Some(None)
    } else {
        bad.take("institution_code", code.parse::<InstitutionCode>()).map(Some)
    };
    let specialty = bad.take("specialty", text(request.specialty.clone(), 50));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id, false);
    bad.finish(|| {
        Some(RegisterExpert {
            call: call?,
            expert: name?.1,
            institution: institution?,
            specialty: specialty?,
        })
    })
}

pub(super) fn retire_expert(
    context: &Context,
    request: &pb::RetireExpertRequest,
) -> Result<RetireExpert, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", expert(context, &request.name));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id, false);
    bad.finish(|| Some(RetireExpert { call: call?, expert: name?.1 }))
}

pub(super) fn list_experts(
    context: &Context,
    request: &pb::ListExpertsRequest,
) -> Result<(Read, Page<String>), Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let page = page(&mut bad, &[&request.parent], request.page_size, &request.page_token);
    bad.finish(|| Some((read(context, area?), page?)))
}

pub(super) fn file(
    context: &Context,
    request: &pb::FileSpecialCaseRequest,
) -> Result<FileSpecialCase, Violations> {
    let mut bad = Violations::default();
    let bill = bad.take("bill", scope::bill(context, &request.bill));
    let reason = bad.take("reason", text(request.reason.clone(), MAX_TEXT_CHARS));
    if request.evidence.is_empty() || request.evidence.len() > MAX_EVIDENCE {
        bad.add("evidence", format!("must have 1 to {MAX_EVIDENCE} elements"));
    }
    let evidence = bad.each("evidence", &request.evidence, |bad, one| bad.take("", text(one.clone(), 200)));
    let call = call(&mut bad, context, bill.as_ref().map(|(area, ..)| area), &request.request_id, false);
    bad.finish(|| {
        let (_, institution, setl_id) = bill?;
        let key = CaseKey { institution, setl_id };
        Some(FileSpecialCase { call: call?, key, reason: reason?, evidence: evidence? })
    })
}

pub(super) fn answer(
    context: &Context,
    request: &pb::AnswerSpecialCaseRequest,
) -> Result<AnswerSpecialCase, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", case(context, &request.name));
    let answer = bad.take("answer", text(request.answer.clone(), MAX_TEXT_CHARS));
    let expected_version = bad.take("etag", convert::version_from_etag(&request.etag));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id, false);
    bad.finish(|| {
        Some(AnswerSpecialCase {
            call: call?,
            key: name?.1,
            hears: request.hears,
            answer: answer?,
            expected_version: expected_version?,
        })
    })
}

pub(super) fn record_opinion(
    context: &Context,
    request: &pb::RecordExpertOpinionRequest,
) -> Result<RecordOpinion, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", case(context, &request.name));
    let expert = bad.take("expert", expert(context, &request.expert));
    let text = bad.take("opinion", text(request.opinion.clone(), MAX_TEXT_CHARS));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id, false);
    bad.finish(|| {
        let opinion = Opinion { is_in_favour: request.in_favour, text: text? };
        Some(RecordOpinion { call: call?, key: name?.1, expert: expert?.1, opinion })
    })
}

pub(super) fn propose(
    context: &Context,
    request: &pb::ProposeSpecialCaseOutcomeRequest,
) -> Result<ProposeOutcome, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", case(context, &request.name));
    let reviewed_cost = bad.take("reviewed_cost_fen", fen_not_negative(request.reviewed_cost_fen));
    let note = bad.take("note", text(request.note.clone(), MAX_TEXT_CHARS));
    let expected_version = bad.take("etag", convert::version_from_etag(&request.etag));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id, false);
    bad.finish(|| {
        Some(ProposeOutcome {
            call: call?,
            key: name?.1,
            reviewed_cost: reviewed_cost?.try_into().ok(),
            note: note?,
            expected_version: expected_version?,
        })
    })
}

pub(super) fn decide(
    context: &Context,
    request: &pb::DecideSpecialCaseOutcomeRequest,
) -> Result<DecideOutcome, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", case(context, &request.name));
    let expected_version = bad.take("etag", convert::version_from_etag(&request.etag));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id, false);
    bad.finish(|| {
        Some(DecideOutcome {
            call: call?,
            key: name?.1,
            approves: request.approves,
            expected_version: expected_version?,
        })
    })
}

pub(super) fn get(context: &Context, name: &str) -> Result<(Read, CaseKey), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", case(context, name));
    bad.finish(|| name.map(|(area, key)| (read(context, area), key)))
}

pub(super) fn list(
    context: &Context,
    request: &pb::ListSpecialCasesRequest,
) -> Result<(Read, FundYear, CasePage), Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let fund_year = year(&mut bad, request.fund_year);
    let bound = list_bound(request);
    let bound: Vec<&str> = bound.iter().map(String::as_str).collect();
    let page = page(&mut bad, &bound, request.page_size, &request.page_token);
    bad.finish(|| Some((read(context, area?), fund_year?, page?)))
}

pub(super) fn list_bound(request: &pb::ListSpecialCasesRequest) -> [String; 2] {
    [request.parent.clone(), request.fund_year.to_string()]
}

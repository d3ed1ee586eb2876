use medfund_grouper::batch::decoded;
use medfund_grouper::crosswalk::{Crosswalk as Pairs, Fate, Problem, Translated, Translation};
use medfund_grouper::read::Files;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::crosswalk::State;
use medfund_proto::drg::v1::translated_code::Fate as PbFate;
use medfund_server::convert::{split_page, timestamp_to_pb};
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::Area;

use super::case::codes;
use super::choice::choice;
use super::{call, changed, crosswalk_name, crosswalk_name_to_pb, listed, named, read, scheme_name_to_pb};
use crate::app::crosswalks::publish_crosswalk::PublishCrosswalk;
use crate::app::crosswalks::submit_crosswalk::SubmitCrosswalk;
use crate::app::{By, Read, WantedBy};
use crate::domain::crosswalk::{Crosswalk, CrosswalkHash};
use crate::domain::grouping::ListedCase;
use crate::store::Page;
use crate::store::crosswalks::CrosswalkKey;

const MAX_BYTES: usize = 3 << 20;
const MAX_TITLE: usize = 100;
const MAX_CODES: usize = 1_000;

/// How many problems and remarks are told.
const MAX_TOLD: usize = 1_000;

/// Pairs that were read: the command, if nothing is wrong with them, and what there is to tell.
pub(in crate::grpc) struct Submission {
    pub(in crate::grpc) command: Option<SubmitCrosswalk>,
    pub(in crate::grpc) answer: pb::SubmitCrosswalkResponse,
}

pub(in crate::grpc) fn submit_crosswalk(
    context: &Context,
    request: &pb::SubmitCrosswalkRequest,
) -> Result<Submission, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let title = bad.take("title", title(&request.title));
    let pairs = bad.take("content", pairs(&request.content));
    let call = call(&mut bad, context, area.as_ref(), &request.request_id);
    bad.finish(|| {
        let (pairs, told) = pairs?;
        let (problems, remarks): (Vec<_>, Vec<_>) = told.iter().partition(|one| one.fault.leaves_out());
        let command = SubmitCrosswalk {
            call: call?,
            hash: pairs.hash().parse().expect("a crosswalk's hash is SHA-256"),
            title: title?,
            counts: pairs.counts().map(|n| i32::try_from(n).expect("a file has few lines")),
            content: pairs.to_text(),
        };
        let answer = pb::SubmitCrosswalkResponse {
            crosswalk: None,
            problems: problems.into_iter().take(MAX_TOLD).map(problem_to_pb).collect(),
            remarks: remarks.into_iter().take(MAX_TOLD).map(problem_to_pb).collect(),
        };
        Some(Submission { command: Some(command).filter(|_| answer.problems.is_empty()), answer })
    })
}

fn title(text: &str) -> Result<String, String> {
    let n_characters = text.trim().chars().count();
    if (1..=MAX_TITLE).contains(&n_characters) {
        Ok(text.trim().to_owned())
    } else {
        Err(format!("must have 1 to {MAX_TITLE} characters"))
    }
}

fn pairs(content: &[u8]) -> Result<(Pairs, Vec<Problem>), FieldProblem> {
    if content.len() > MAX_BYTES {
        return Err(FieldProblem::Malformed(format!("must have at most {MAX_BYTES} bytes")));
    }
    let text = decoded(content)?.into_owned();
    let (pairs, told) = Pairs::read(&Files::from([(String::new(), text)]));
    if told.is_empty() && pairs.counts() == [0, 0] {
        return Err(FieldProblem::Malformed("must have a pair of codes".to_owned()));
    }
    Ok((pairs, told))
}

fn problem_to_pb(problem: &Problem) -> pb::CrosswalkProblem {
    pb::CrosswalkProblem {
        line_number: i32::try_from(problem.line).expect("a file has few lines"),
        text_zh: problem.fault.zh(),
    }
}

pub(in crate::grpc) fn submitted_to_pb(
    answer: pb::SubmitCrosswalkResponse,
    crosswalk: Option<&Crosswalk>,
) -> pb::SubmitCrosswalkResponse {
    pb::SubmitCrosswalkResponse { crosswalk: crosswalk.map(crosswalk_to_pb), ..answer }
}

pub(in crate::grpc) fn publish_crosswalk(
    context: &Context,
    request: &pb::PublishCrosswalkRequest,
) -> Result<PublishCrosswalk, Violations> {
    let (call, hash) = changed(context, crosswalk_name(context, &request.name), &request.request_id)?;
    Ok(PublishCrosswalk { call, hash })
}

pub(in crate::grpc) fn get_crosswalk(
    context: &Context,
    request: &pb::GetCrosswalkRequest,
) -> Result<(Read, CrosswalkHash), Violations> {
    named(context, "name", crosswalk_name(context, &request.name))
}

pub(in crate::grpc) fn list_crosswalks(
    context: &Context,
    request: &pb::ListCrosswalksRequest,
) -> Result<(Read, Page<CrosswalkKey>), Violations> {
    listed(context, &request.parent, request.page_size, &request.page_token)
}

/// Codes to translate.
pub(in crate::grpc) struct Codes<'r> {
    pub(in crate::grpc) read: Read,
    pub(in crate::grpc) by: WantedBy,
    pub(in crate::grpc) case: ListedCase<'r>,
}

pub(in crate::grpc) fn translate_codes<'r>(
    context: &Context,
    request: &'r pb::TranslateCodesRequest,
) -> Result<Codes<'r>, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", crosswalk_name(context, &request.name));
    let choice = choice(&mut bad, context, "scheme_choice", request.scheme_choice.as_ref());
    let diagnoses = codes(&mut bad, "diagnoses", &request.diagnoses, MAX_CODES);
    let procedures = codes(&mut bad, "procedures", &request.procedures, MAX_CODES);
    bad.finish(|| {
        let (area, hash) = name?;
        let case = ListedCase { diagnoses: diagnoses?, procedures: procedures?, ..ListedCase::default() };
        let by = WantedBy { choice: choice?, crosswalk: Some(hash) };
        Some(Codes { read: read(context, area), by, case })
    })
}

pub(in crate::grpc) fn traced_to_pb(
    by: &By,
    area: &Area,
    case: &ListedCase<'_>,
) -> pb::TranslateCodesResponse {
    let (translation, ()) = case.translated(by.crosswalk.as_deref(), &by.scheme.scheme, |_| ());
    let translation = translation.expect("a crosswalk was named");
    let traced = |code: &Translated<'_>| pb::TracedCode {
        translated_code: Some(translated_to_pb(code)),
        grouping_code: code.code().to_owned(),
        text_zh: code.to_string(),
    };
    pb::TranslateCodesResponse {
        diagnoses: translation.diagnoses.iter().map(traced).collect(),
        procedures: translation.procedures.iter().map(traced).collect(),
        scheme: scheme_name_to_pb(area, &by.scheme.hash),
    }
}

/// The codes of a case that are no 医保 code already; none if they were not translated.
pub(super) fn translated_codes_to_pb(translation: Option<&Translation<'_>>) -> Vec<pb::TranslatedCode> {
    translation.into_iter().flat_map(Translation::told).map(translated_to_pb).collect()
}

fn translated_to_pb(code: &Translated<'_>) -> pb::TranslatedCode {
    let (fate, insurance_codes) = match code.fate {
        Fate::Already(_) => (PbFate::Already, Vec::new()),
        Fate::Mapped(to) => (PbFate::Mapped, vec![to.to_owned()]),
        Fate::Ambiguous(several) => (PbFate::Ambiguous, several.to_vec()),
        Fate::Unknown => (PbFate::Unknown, Vec::new()),
    };
    pb::TranslatedCode { code: code.from.clone(), fate: fate.into(), insurance_codes }
}

pub(in crate::grpc) fn crosswalks_to_pb(
    crosswalks: Vec<Crosswalk>,
    size: usize,
    request: &pb::ListCrosswalksRequest,
) -> pb::ListCrosswalksResponse {
    let key = |crosswalk: &Crosswalk| (crosswalk.create_time, crosswalk.hash.to_string());
    let (crosswalks, next_page_token) = split_page(crosswalks, size, key, &[&request.parent]);
    pb::ListCrosswalksResponse {
        crosswalks: crosswalks.iter().map(crosswalk_to_pb).collect(),
        next_page_token,
    }
}

pub(in crate::grpc) fn crosswalk_to_pb(crosswalk: &Crosswalk) -> pb::Crosswalk {
    let [n_diagnoses, n_procedures] = crosswalk.counts;
    let published = crosswalk.published.as_ref();
    pb::Crosswalk {
        name: crosswalk_name_to_pb(&crosswalk.area, &crosswalk.hash),
        title: crosswalk.title.clone(),
        crosswalk_hash: crosswalk.hash.to_string(),
        n_diagnoses,
        n_procedures,
        state: published.map_or(State::Submitted, |_| State::Published).into(),
        maker: crosswalk.maker.clone(),
        checker: published.map(|published| published.checker.clone()).unwrap_or_default(),
        create_time: Some(timestamp_to_pb(crosswalk.create_time)),
        publish_time: published.map(|published| timestamp_to_pb(published.time)),
    }
}

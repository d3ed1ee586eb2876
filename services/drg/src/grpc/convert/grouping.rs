use medfund_grouper::Grouper;
use medfund_proto::drg::v1 as pb;
use medfund_server::{Context, Violations};
use medfund_types::Area;

use super::case::case;
use super::choice::choice;
use super::explanation::explanation_to_pb;
use super::grouped::grouped_to_pb;
use super::{read, scheme_name_to_pb};
use crate::app::Read;
use crate::app::schemes::{Choice, Loaded};
use crate::domain::grouping::{self, ListedCase};

/// The most cases of one message.
const MAX_CASES: usize = 2_000;

/// One case to group.
pub(in crate::grpc) struct Wanted<'r> {
    pub(in crate::grpc) read: Read,
    pub(in crate::grpc) choice: Choice,
    pub(in crate::grpc) case: ListedCase<'r>,
}

/// What else is asked of a case.
#[derive(Clone, Copy)]
pub(in crate::grpc) struct Asked {
    pub(in crate::grpc) check_quality: bool,
    pub(in crate::grpc) explain: bool,
}

/// What a stream of cases is grouped by.
pub(in crate::grpc) struct Opening {
    pub(in crate::grpc) read: Read,
    pub(in crate::grpc) choice: Choice,
    pub(in crate::grpc) check_quality: bool,
}

pub(in crate::grpc) fn group<'r>(
    context: &Context,
    request: &'r pb::GroupRequest,
) -> Result<Wanted<'r>, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let choice = choice(&mut bad, context, "scheme_choice", request.scheme_choice.as_ref());
    let given = bad.require("drg_case", request.drg_case.as_ref());
    let case = given.and_then(|given| bad.within("drg_case", |bad| case(bad, given)));
    bad.finish(|| Some(Wanted { read: read(context, area?), choice: choice?, case: case? }))
}

pub(in crate::grpc) fn opening(
    context: &Context,
    first: &pb::GroupStreamRequest,
) -> Result<Opening, Violations> {
    let mut bad = Violations::default();
    if !first.cases.is_empty() {
        bad.add("cases", "must not be given in the first message");
    }
    let given = bad.require("opening", first.opening.as_ref());
    let taken = given.map(|given| {
        bad.within("opening", |bad| {
            let area = bad.take("parent", context.area(&given.parent));
            let choice = choice(bad, context, "scheme_choice", given.scheme_choice.as_ref());
            (area, choice, given.check_quality)
        })
    });
    bad.finish(|| {
        let (area, choice, check_quality) = taken?;
        Some(Opening { read: read(context, area?), choice: choice?, check_quality })
    })
}

pub(super) fn cases<'r>(bad: &mut Violations, given: &'r [pb::Case]) -> Option<Vec<ListedCase<'r>>> {
    if given.is_empty() || given.len() > MAX_CASES {
        bad.add("cases", format!("must be 1 to {MAX_CASES} cases"));
        return None;
    }
    bad.each("cases", given, case)
}

pub(in crate::grpc) fn group_to_pb(
    loaded: &Loaded,
    area: &Area,
    case: &ListedCase<'_>,
    asked: Asked,
) -> pb::GroupResponse {
    let mut grouper = Grouper::new(&loaded.scheme);
    let grouped = grouping::group(&mut grouper, case, asked.check_quality);
    let explained = asked.explain && grouped.answer.is_some();
    pb::GroupResponse {
        grouped_case: Some(grouped_to_pb(&loaded.scheme, case.id, &grouped)),
        explanation: explained.then(|| explanation_to_pb(&grouping::explain(&mut grouper, case))),
        scheme: scheme_name_to_pb(area, &loaded.hash),
    }
}

pub(in crate::grpc) fn opened_to_pb(loaded: &Loaded, area: &Area) -> pb::GroupStreamResponse {
    pb::GroupStreamResponse { grouped_cases: Vec::new(), scheme: scheme_name_to_pb(area, &loaded.hash) }
}

/// Groups the cases of one message of a stream.
pub(in crate::grpc) fn grouped_batch(
    loaded: &Loaded,
    batch: &pb::GroupStreamRequest,
    check_quality: bool,
) -> Result<pb::GroupStreamResponse, Violations> {
    let mut bad = Violations::default();
    if batch.opening.is_some() {
        bad.add("opening", "must be given in the first message alone");
    }
    let cases = cases(&mut bad, &batch.cases);
    let cases = bad.finish(|| cases)?;
    Ok(pb::GroupStreamResponse { grouped_cases: all(loaded, &cases, check_quality), scheme: String::new() })
}

pub(super) fn all(loaded: &Loaded, cases: &[ListedCase<'_>], check_quality: bool) -> Vec<pb::GroupedCase> {
    let mut grouper = Grouper::new(&loaded.scheme);
    let grouped = |case: &ListedCase<'_>| {
        let grouped = grouping::group(&mut grouper, case, check_quality);
        grouped_to_pb(&loaded.scheme, case.id, &grouped)
    };
    cases.iter().map(grouped).collect()
}

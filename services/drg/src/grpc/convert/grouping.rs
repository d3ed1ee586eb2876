use medfund_grouper::Grouper;
use medfund_proto::drg::v1 as pb;
use medfund_server::{Context, Violations};
use medfund_types::Area;

use super::case::case;
use super::choice::by;
use super::crosswalk::translated_codes_to_pb;
use super::explanation::explanation_to_pb;
use super::grouped::grouped_to_pb;
use super::{read, scheme_name_to_pb};
use crate::app::{By, Read, WantedBy};
use crate::domain::grouping::{self, ListedCase};

/// The most cases of one message.
const MAX_CASES: usize = 2_000;

/// What a case is to be grouped by.
pub(in crate::grpc) struct Wanted {
    pub(in crate::grpc) read: Read,
    pub(in crate::grpc) by: WantedBy,
}

/// What a stream of cases is grouped by.
pub(in crate::grpc) struct Opening {
    pub(in crate::grpc) read: Read,
    pub(in crate::grpc) by: WantedBy,
    pub(in crate::grpc) check_quality: bool,
}

pub(in crate::grpc) fn group(context: &Context, request: &pb::GroupRequest) -> Result<Wanted, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let by = by(&mut bad, context, request.scheme_choice.as_ref(), &request.crosswalk);
    one_case(&mut bad, request);
    bad.finish(|| Some(Wanted { read: read(context, area?), by: by? }))
}

fn one_case<'r>(bad: &mut Violations, request: &'r pb::GroupRequest) -> Option<ListedCase<'r>> {
    let given = bad.require("drg_case", request.drg_case.as_ref())?;
    bad.within("drg_case", |bad| case(bad, given))
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
            let by = by(bad, context, given.scheme_choice.as_ref(), &given.crosswalk);
            (area, by, given.check_quality)
        })
    });
    bad.finish(|| {
        let (area, by, check_quality) = taken?;
        Some(Opening { read: read(context, area?), by: by?, check_quality })
    })
}

pub(super) fn cases<'r>(bad: &mut Violations, given: &'r [pb::Case]) -> Option<Vec<ListedCase<'r>>> {
    if given.is_empty() || given.len() > MAX_CASES {
        bad.add("cases", format!("must be 1 to {MAX_CASES} cases"));
        return None;
    }
    bad.each("cases", given, case)
}

/// The cases of a message that was found good.
pub(super) fn good_cases(given: &[pb::Case]) -> Vec<ListedCase<'_>> {
    cases(&mut Violations::default(), given).expect("they were found good")
}

/// Groups the case of a request that was found good.
pub(in crate::grpc) fn group_to_pb(by: &By, area: &Area, request: &pb::GroupRequest) -> pb::GroupResponse {
    let scheme = &by.scheme.scheme;
    let case = one_case(&mut Violations::default(), request).expect("it was found good");
    let mut grouper = Grouper::new(scheme);
    let (translation, (grouped, explanation)) = case.translated(by.crosswalk.as_deref(), scheme, |case| {
        let grouped = grouping::group(&mut grouper, case, request.check_quality);
        let explained = request.explain && grouped.answer.is_some();
        let grouped = grouped_to_pb(scheme, case.id, &grouped);
        (grouped, explained.then(|| explanation_to_pb(&grouping::explain(&mut grouper, case))))
    });
    let told = translation.as_ref().map(ToString::to_string).unwrap_or_default();
    pb::GroupResponse {
        grouped_case: Some(pb::GroupedCase {
            translated_codes: translated_codes_to_pb(translation.as_ref()),
            ..grouped
        }),
        explanation: explanation.map(|why| pb::Explanation { text_zh: told + &why.text_zh, ..why }),
        scheme: scheme_name_to_pb(area, &by.scheme.hash),
    }
}

pub(in crate::grpc) fn opened_to_pb(by: &By, area: &Area) -> pb::GroupStreamResponse {
    pb::GroupStreamResponse { grouped_cases: Vec::new(), scheme: scheme_name_to_pb(area, &by.scheme.hash) }
}

/// Groups the cases of one message of a stream.
pub(in crate::grpc) fn grouped_batch(
    by: &By,
    batch: &pb::GroupStreamRequest,
    check_quality: bool,
) -> Result<pb::GroupStreamResponse, Violations> {
    let mut bad = Violations::default();
    if batch.opening.is_some() {
        bad.add("opening", "must be given in the first message alone");
    }
    let cases = cases(&mut bad, &batch.cases);
    let cases = bad.finish(|| cases)?;
    Ok(pb::GroupStreamResponse { grouped_cases: all(by, &cases, check_quality), scheme: String::new() })
}

pub(super) fn all(by: &By, cases: &[ListedCase<'_>], check_quality: bool) -> Vec<pb::GroupedCase> {
    let scheme = &by.scheme.scheme;
    let mut grouper = Grouper::new(scheme);
    let grouped = |case: &ListedCase<'_>| {
        let (translation, grouped) = case.translated(by.crosswalk.as_deref(), scheme, |case| {
            grouped_to_pb(scheme, case.id, &grouping::group(&mut grouper, case, check_quality))
        });
        pb::GroupedCase { translated_codes: translated_codes_to_pb(translation.as_ref()), ..grouped }
    };
    cases.iter().map(grouped).collect()
}

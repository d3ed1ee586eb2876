use medfund_grouper::quality::{Limits, blocks};
use medfund_proto::drg::v1 as pb;
use medfund_server::{Context, Violations};
use medfund_types::Area;

use super::choice::by;
use super::crosswalk::translated_codes_to_pb;
use super::grouped::finding_to_pb;
use super::grouping::{cases, good_cases};
use super::{read, scheme_name_to_pb};
use crate::app::{By, Read, WantedBy};
use crate::domain::grouping::ListedCase;

/// What lists are to be checked by.
pub(in crate::grpc) struct Wanted {
    pub(in crate::grpc) read: Read,
    pub(in crate::grpc) by: WantedBy,
}

pub(in crate::grpc) fn check_cases(
    context: &Context,
    request: &pb::CheckCasesRequest,
) -> Result<Wanted, Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let by = by(&mut bad, context, request.scheme_choice.as_ref(), &request.crosswalk);
    cases(&mut bad, &request.cases);
    bad.finish(|| Some(Wanted { read: read(context, area?), by: by? }))
}

/// Checks the cases of a request that was found good.
pub(in crate::grpc) fn checked_to_pb(
    by: &By,
    area: &Area,
    request: &pb::CheckCasesRequest,
) -> pb::CheckCasesResponse {
    let scheme = &by.scheme.scheme;
    let checked = |case: &ListedCase<'_>| {
        let (translation, findings) =
            case.translated(by.crosswalk.as_deref(), scheme, |case| case.check(scheme));
        pb::CheckedCase {
            id: case.id.to_owned(),
            blocked: blocks(&findings),
            findings: findings.iter().map(finding_to_pb).collect(),
            translated_codes: translated_codes_to_pb(translation.as_ref()),
        }
    };
    let checked_cases: Vec<_> = good_cases(&request.cases).iter().map(checked).collect();
    let n_blocked = checked_cases.iter().filter(|case| case.blocked).count();
    pb::CheckCasesResponse {
        n_blocked: i32::try_from(n_blocked).expect("a message has few cases"),
        checked_cases,
        scheme: scheme_name_to_pb(area, &by.scheme.hash),
        limits: Some(limits_to_pb(scheme.limits())),
    }
}

fn limits_to_pb(limits: Limits) -> pb::ListLimits {
    let Limits { oldest_years, maternal_years: [youngest, oldest], birth_weight_g: [least, greatest] } =
        limits;
    pb::ListLimits {
        oldest_years: oldest_years.into(),
        youngest_mother_years: youngest.into(),
        oldest_mother_years: oldest.into(),
        least_birth_weight_g: least.into(),
        greatest_birth_weight_g: greatest.into(),
    }
}

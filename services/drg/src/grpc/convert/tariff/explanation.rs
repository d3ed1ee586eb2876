use medfund_proto::drg::v1 as pb;
use medfund_server::{Context, Violations};
use medfund_tariff::GroupCode;
use uuid::Uuid;

use super::group::group_to_pb;
use super::tariff_name;
use crate::app::Read;
use crate::app::tariff::Explained;
use crate::grpc::convert::read;

/// What makes weights, with the version of its formula.
const CALCULATOR: &str = "drg_weight/1";

pub(in crate::grpc) fn explain_weight(
    context: &Context,
    request: &pb::ExplainWeightRequest,
) -> Result<(Read, Uuid, GroupCode), Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", tariff_name(context, &request.name));
    let group = bad.take("drg", request.drg.parse());
    bad.finish(|| {
        let (area, id) = name?;
        Some((read(context, area), id, group?))
    })
}

pub(in crate::grpc) fn explained_to_pb(explained: Explained) -> pb::ExplainWeightResponse {
    let Explained { tariff, group } = explained;
    let tree = group.derivation.expect("a group without a tree is not explained");
    let scheme = tariff.scheme.as_str();
    pb::ExplainWeightResponse {
        tariff_group: Some(group_to_pb(tariff.base_points, &group.group)),
        made: group.made.map(|made| made.how.zh().to_owned()).unwrap_or_default(),
        derivation: Some((&tree.under("", scheme, CALCULATOR)).into()),
    }
}

use std::collections::BTreeSet;

use medfund_money::{Coefficient, Exact, Fen};
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::tariff_group::Pricing as PbPricing;
use medfund_server::convert::split_page;
use medfund_server::{Context, Violations};
use medfund_tariff::points::group_points;
use medfund_tariff::{Group, Level, Pricing, Scope};
use uuid::Uuid;

use super::bounds::amount;
use super::tariff_name;
use crate::app::Read;
use crate::domain::tariff::Tariff;
use crate::grpc::convert::page_of;
use crate::store::Page;

const MAX_INSTITUTIONS: usize = 100;
const MAX_NAME: usize = 200;

pub(in crate::grpc) fn list_tariff_groups(
    context: &Context,
    request: &pb::ListTariffGroupsRequest,
) -> Result<(Read, Uuid, Page<String>), Violations> {
    page_of(context, tariff_name, &request.parent, request.page_size, &request.page_token)
}

pub(in crate::grpc) fn tariff_groups_to_pb(
    tariff: &Tariff,
    groups: Vec<Group>,
    size: usize,
    request: &pb::ListTariffGroupsRequest,
) -> pb::ListTariffGroupsResponse {
    let (groups, next_page_token) =
        split_page(groups, size, |group| group.code.to_string(), &[&request.parent]);
    let tariff_groups = groups.iter().map(|group| group_to_pb(tariff.base_points, group)).collect();
    pb::ListTariffGroupsResponse { tariff_groups, next_page_token }
}

pub(super) fn group_to_pb(base_points: Coefficient, group: &Group) -> pb::TariffGroup {
    let pricing = match group.pricing {
        Pricing::Weight(_) => PbPricing::Weight,
        Pricing::ByItem => PbPricing::ByItem,
        Pricing::Review => PbPricing::Review,
    };
    let points = group.weight().map(|weight| Exact::from(group_points(weight, base_points)));
    pb::TariffGroup {
        drg: group.code.to_string(),
        drg_name: group.name.clone(),
        pricing: pricing.into(),
        drg_weight: group.weight().map(|weight| weight.to_string()).unwrap_or_default(),
        drg_points: points.map(|points| points.to_string()).unwrap_or_default(),
        standards: group.standards.iter().map(|(scope, amount)| standard_to_pb(scope, *amount)).collect(),
        coefficients: group.coefficients.iter().map(|(scope, own)| coefficient_to_pb(scope, *own)).collect(),
        basic: group.is_basic,
        tcm: group.is_tcm,
        remark: group.remark.clone(),
    }
}

pub(super) fn standard_to_pb(scope: &Scope, amount: Fen) -> pb::TariffStandard {
    pb::TariffStandard { scope: Some(scope_to_pb(scope)), standard_fen: amount.get() }
}

pub(super) fn coefficient_to_pb(scope: &Scope, coefficient: Coefficient) -> pb::ScopedCoefficient {
    pb::ScopedCoefficient { scope: Some(scope_to_pb(scope)), coefficient: coefficient.to_string() }
}

fn scope_to_pb(scope: &Scope) -> pb::TariffScope {
    pb::TariffScope {
        level: scope.level.map(|level| level.get().into()),
        fund_line: scope.fund_line.as_ref().map(ToString::to_string).unwrap_or_default(),
        institutions: scope.institutions.iter().cloned().collect(),
    }
}

pub(super) fn standard(bad: &mut Violations, given: &pb::TariffStandard) -> Option<(Scope, Fen)> {
    let scope = scope(bad, given.scope.as_ref());
    let amount = bad.take("standard_fen", amount(given.standard_fen));
    Some((scope?, amount?.get()))
}

pub(super) fn scoped_coefficient(
    bad: &mut Violations,
    given: &pb::ScopedCoefficient,
) -> Option<(Scope, Coefficient)> {
    let scope = scope(bad, given.scope.as_ref());
    let coefficient = bad.take("coefficient", given.coefficient.parse());
    Some((scope?, coefficient?))
}

fn scope(bad: &mut Violations, given: Option<&pb::TariffScope>) -> Option<Scope> {
    let Some(given) = given else { return Some(Scope::default()) };
    bad.within("scope", |bad| {
        let level = bad.take_if("level", given.level, level);
        let fund_line = bad.take_text("fund_line", &given.fund_line, str::parse);
        let institutions = institutions(bad, &given.institutions);
        Some(Scope { level: level?, fund_line: fund_line?, institutions: institutions? })
    })
}

/// Institutions as a tariff calls them.
pub(super) fn institutions(bad: &mut Violations, given: &[String]) -> Option<BTreeSet<String>> {
    if given.len() > MAX_INSTITUTIONS {
        bad.add("institutions", format!("must be at most {MAX_INSTITUTIONS}"));
    }
    let names = bad.each("institutions", given, |bad, name| bad.take("", called(name)));
    names.map(|names| names.into_iter().collect())
}

/// A name or a word as it stands in a tariff.
pub(super) fn called(name: &str) -> Result<String, &'static str> {
    let good = !name.is_empty() && name.len() <= MAX_NAME;
    good.then(|| name.to_owned()).ok_or("must have 1 to 200 bytes")
}

pub(super) fn level(number: i32) -> Result<Level, &'static str> {
    let known = u8::try_from(number).ok().and_then(|number| Level::try_from(number).ok());
    known.ok_or("must be 0 to 3")
}

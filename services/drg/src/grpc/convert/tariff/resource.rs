use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::tariff::State;
use medfund_proto::drg::v1::tariff_origin::Origin as PbOrigin;
use medfund_server::convert::{etag, split_page, timestamp_to_pb, uuid, version_from_etag};
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::Area;

use super::coefficients::{BLENDED_FIELDS, basis_to_pb, levels_to_pb};
use super::parameters::weight_parameters_to_pb;
use super::{TARIFF, tariff_name, tariff_name_to_pb};
use crate::app::Read;
use crate::app::tariff::Wanted;
use crate::app::tariff::locked::ChangeTariff;
use crate::domain::tariff::{Origin, Tariff};
use crate::grpc::convert::history::history_name_to_pb;
use crate::grpc::convert::{call, listed, named, scheme_name_to_pb};
use crate::store::Page;
use crate::store::tariffs::TariffKey;

pub(in crate::grpc) fn get_tariff(
    context: &Context,
    request: &pb::GetTariffRequest,
) -> Result<(Read, Wanted), Violations> {
    named(context, "name", wanted(context, &request.name))
}

fn wanted(context: &Context, name: &str) -> Result<(Area, Wanted), FieldProblem> {
    let name = context.name::<1>(TARIFF, name)?;
    let published = name.ids[0].parse().map(Wanted::Published);
    let wanted = published.or_else(|_| uuid(name.ids[0]).map(Wanted::Id))?;
    Ok((name.area, wanted))
}

pub(in crate::grpc) fn list_tariffs(
    context: &Context,
    request: &pb::ListTariffsRequest,
) -> Result<(Read, Page<TariffKey>), Violations> {
    listed(context, &request.parent, request.page_size, &request.page_token)
}

pub(in crate::grpc) fn start_round(
    context: &Context,
    request: &pb::StartRoundRequest,
) -> Result<ChangeTariff, Violations> {
    change_tariff(context, &request.name, &request.etag, &request.request_id)
}

pub(in crate::grpc) fn close_round(
    context: &Context,
    request: &pb::CloseRoundRequest,
) -> Result<ChangeTariff, Violations> {
    change_tariff(context, &request.name, &request.etag, &request.request_id)
}

pub(in crate::grpc) fn publish_tariff(
    context: &Context,
    request: &pb::PublishTariffRequest,
) -> Result<ChangeTariff, Violations> {
    change_tariff(context, &request.name, &request.etag, &request.request_id)
}

fn change_tariff(
    context: &Context,
    name: &str,
    etag: &str,
    request_id: &str,
) -> Result<ChangeTariff, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", tariff_name(context, name));
    let expected_version = bad.take("etag", version_from_etag(etag));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), request_id);
    bad.finish(|| Some(ChangeTariff { call: call?, id: name?.1, expected_version: expected_version? }))
}

pub(in crate::grpc) fn tariffs_to_pb(
    tariffs: Vec<Tariff>,
    size: usize,
    request: &pb::ListTariffsRequest,
) -> pb::ListTariffsResponse {
    let key = |tariff: &Tariff| (tariff.create_time, tariff.id);
    let (tariffs, next_page_token) = split_page(tariffs, size, key, &[&request.parent]);
    pb::ListTariffsResponse { tariffs: tariffs.iter().map(listed_to_pb).collect(), next_page_token }
}

/// A tariff without what may be long: a page of them has to fit a message.
fn listed_to_pb(tariff: &Tariff) -> pb::Tariff {
    let mut listed = tariff_to_pb(tariff);
    listed.levels.clear();
    if let Some(basis) = &mut listed.coefficient_basis {
        basis.levels.clear();
        basis.parameters.iter_mut().for_each(|parameters| parameters.basic_drgs.clear());
    }
    if let Some(PbOrigin::History(origin)) = listed.origin.as_mut().and_then(|origin| origin.origin.as_mut())
    {
        origin.parameters.iter_mut().for_each(|parameters| parameters.fixed_weights.clear());
    }
    listed
}

pub(in crate::grpc) fn tariff_to_pb(tariff: &Tariff) -> pb::Tariff {
    let published = tariff.published.as_ref();
    let state = match (published, tariff.round) {
        (Some(_), _) => State::Published,
        (None, 0) => State::Draft,
        (None, _) => State::InNegotiation,
    };
    pb::Tariff {
        name: tariff_name_to_pb(&tariff.area, tariff.id),
        fund_year: tariff.fund_year.get(),
        scheme: scheme_name_to_pb(&tariff.area, &tariff.scheme),
        state: state.into(),
        round: tariff.round,
        base_points: tariff.base_points.to_string(),
        n_groups: tariff.n_groups,
        origin: Some(pb::TariffOrigin { origin: Some(origin_to_pb(&tariff.area, &tariff.origin)) }),
        tariff_hash: published.map(|published| published.hash.to_string()).unwrap_or_default(),
        maker: tariff.maker.clone(),
        checker: published.map(|published| published.checker.clone()).unwrap_or_default(),
        create_time: Some(timestamp_to_pb(tariff.create_time)),
        publish_time: published.map(|published| timestamp_to_pb(published.time)),
        etag: etag(tariff.version),
        coefficients_maker: tariff.coefficients_maker.clone().unwrap_or_default(),
        round_open: tariff.is_round_open(),
        coefficient_basis: tariff.basis.as_ref().map(|basis| basis_to_pb(&tariff.area, basis)),
        defaults: defaults_to_pb(tariff),
        levels: levels_to_pb(&tariff.levels()),
    }
}

/// The numbers of a tariff that nobody said.
fn defaults_to_pb(tariff: &Tariff) -> Vec<pb::Defaulted> {
    let told = |field: String, why: &String| pb::Defaulted { field, reason: why.clone() };
    let base = tariff.base_points_default.iter().map(|why| told("base_points".to_owned(), why));
    let of_weights = match &tariff.origin {
        Origin::History { parameters, .. } => Some(&parameters.by_default),
        Origin::File(_) | Origin::Revision(_) => None,
    };
    let of_weights = of_weights.into_iter().flatten();
    let of_weights = of_weights.map(|(name, why)| told(format!("origin.history.parameters.{name}"), why));
    let of_coefficients = tariff.basis.iter().flat_map(|basis| &basis.parameters.by_default);
    let of_coefficients = of_coefficients.map(|(name, why)| {
        let blended = BLENDED_FIELDS.iter().find(|(own, _)| own == name);
        let name = blended.map_or(name.clone(), |(_, field)| format!("blended.{field}"));
        told(format!("coefficient_basis.parameters.{name}"), why)
    });
    base.chain(of_weights).chain(of_coefficients).collect()
}

fn origin_to_pb(area: &Area, origin: &Origin) -> PbOrigin {
    match origin {
        Origin::History { history, content_digest, parameters } => PbOrigin::History(pb::HistoryOrigin {
            history: history_name_to_pb(area, *history),
            content_digest: hex::encode(content_digest),
            parameters: Some(weight_parameters_to_pb(area, parameters)),
        }),
        Origin::File(digest) => PbOrigin::FileDigest(hex::encode(digest)),
        Origin::Revision(tariff) => PbOrigin::RevisedTariff(tariff_name_to_pb(area, *tariff)),
    }
}

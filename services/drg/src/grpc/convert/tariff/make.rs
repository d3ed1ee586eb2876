use medfund_proto::drg::v1 as pb;
use medfund_server::{Context, Violations};
use medfund_types::FundYear;

use super::bounds::base_points;
use super::coefficients::levels;
use super::parameters::weight_parameters;
use super::tariff_name;
use crate::app::tariff::draft_tariff::DraftTariff;
use crate::app::tariff::revise_tariff::ReviseTariff;
use crate::grpc::convert::call;
use crate::grpc::convert::history::history_name;

pub(in crate::grpc) fn draft_tariff(
    context: &Context,
    request: &pb::DraftTariffRequest,
) -> Result<DraftTariff, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", tariff_name(context, &request.name));
    let fund_year = bad.take("fund_year", FundYear::try_from(request.fund_year));
    let history = bad.take("history", history_name(context, &request.history));
    let given = request.parameters.clone().unwrap_or_default();
    let parameters = bad.within("parameters", |bad| weight_parameters(bad, context, &given));
    let base_points = bad.take("base_points", base_points(&request.base_points));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id);
    bad.finish(|| {
        Some(DraftTariff {
            call: call?,
            id: name?.1,
            fund_year: fund_year?,
            history: history?.1,
            parameters: parameters?,
            base_points: base_points?,
        })
    })
}

pub(in crate::grpc) fn revise_tariff(
    context: &Context,
    request: &pb::ReviseTariffRequest,
) -> Result<ReviseTariff, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", tariff_name(context, &request.name));
    let tariff = bad.take("tariff", tariff_name(context, &request.tariff));
    let fund_year = bad.take("fund_year", FundYear::try_from(request.fund_year));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id);
    let levels = levels(&mut bad, "levels", &request.levels);
    bad.finish(|| {
        let (id, tariff) = (name?.1, tariff?.1);
        Some(ReviseTariff { call: call?, id, tariff, fund_year: fund_year?, levels: levels? })
    })
}

use chrono::NaiveDate;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::tariff_adoption::State;
use medfund_server::convert::{date, date_to_pb, split_page, timestamp_to_pb, uuid};
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::Area;
use uuid::Uuid;

use super::resource::tariff_to_pb;
use super::{tariff_name, tariff_name_to_pb};
use crate::app::Read;
use crate::app::confirm_adoption::ConfirmAdoption;
use crate::app::propose_adoption::ProposeAdoption;
use crate::app::tariff::TariffInForce;
use crate::domain::adoption::{Adopted, Adoption, Kind};
use crate::grpc::convert::{call, page, read};
use crate::store::Page;
use crate::store::adoptions::AdoptionKey;

const ADOPTION: &str = "areas/{area}/tariffAdoptions/{adoption}";

fn adoption_name(context: &Context, name: &str) -> Result<(Area, Uuid), FieldProblem> {
    let name = context.name::<1>(ADOPTION, name)?;
    Ok((name.area, uuid(name.ids[0])?))
}

pub(in crate::grpc) fn propose_adoption(
    context: &Context,
    request: &pb::ProposeTariffAdoptionRequest,
) -> Result<ProposeAdoption, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", adoption_name(context, &request.name));
    let tariff = bad.take("tariff", tariff_name(context, &request.tariff));
    let effective_date = bad.take("effective_date", date(request.effective_date));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id);
    bad.finish(|| {
        let adopted = Adopted::Tariff(tariff?.1);
        Some(ProposeAdoption { call: call?, id: name?.1, adopted, effective_date: effective_date? })
    })
}

pub(in crate::grpc) fn confirm_adoption(
    context: &Context,
    request: &pb::ConfirmTariffAdoptionRequest,
) -> Result<ConfirmAdoption, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", adoption_name(context, &request.name));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id);
    bad.finish(|| Some(ConfirmAdoption { call: call?, kind: Kind::Tariff, id: name?.1 }))
}

pub(in crate::grpc) fn list_adoptions(
    context: &Context,
    request: &pb::ListTariffAdoptionsRequest,
) -> Result<(Read, Page<AdoptionKey>), Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let page = page(&mut bad, &request.parent, request.page_size, &request.page_token);
    bad.finish(|| Some((read(context, area?), page?)))
}

pub(in crate::grpc) fn get_in_force(
    context: &Context,
    request: &pb::GetTariffInForceRequest,
) -> Result<(Read, NaiveDate), Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let date = bad.take("date", date(request.date));
    bad.finish(|| Some((read(context, area?), date?)))
}

pub(in crate::grpc) fn adoptions_to_pb(
    adoptions: Vec<Adoption>,
    size: usize,
    request: &pb::ListTariffAdoptionsRequest,
) -> pb::ListTariffAdoptionsResponse {
    let key = |adoption: &Adoption| (adoption.effective_date, adoption.id);
    let (adoptions, next_page_token) = split_page(adoptions, size, key, &[&request.parent]);
    let tariff_adoptions = adoptions.iter().map(adoption_to_pb).collect();
    pb::ListTariffAdoptionsResponse { tariff_adoptions, next_page_token }
}

pub(in crate::grpc) fn adoption_to_pb(adoption: &Adoption) -> pb::TariffAdoption {
    let confirmed = adoption.confirmed.as_ref();
    let tariff = adoption.adopted.tariff().expect("an adoption of a tariff");
    pb::TariffAdoption {
        name: format!("areas/{}/tariffAdoptions/{}", adoption.area, adoption.id),
        tariff: tariff_name_to_pb(&adoption.area, tariff),
        effective_date: Some(date_to_pb(adoption.effective_date)),
        state: confirmed.map_or(State::Proposed, |_| State::Confirmed).into(),
        maker: adoption.maker.clone(),
        checker: confirmed.map(|confirmed| confirmed.checker.clone()).unwrap_or_default(),
        create_time: Some(timestamp_to_pb(adoption.create_time)),
        confirm_time: confirmed.map(|confirmed| timestamp_to_pb(confirmed.time)),
    }
}

pub(in crate::grpc) fn in_force_to_pb(found: &TariffInForce) -> pb::GetTariffInForceResponse {
    pb::GetTariffInForceResponse {
        tariff_adoption: Some(adoption_to_pb(&found.adoption)),
        tariff: Some(tariff_to_pb(&found.tariff)),
    }
}

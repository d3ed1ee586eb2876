use chrono::NaiveDate;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::tariff_adoption::State;
use medfund_server::convert::{date_to_pb, split_page, timestamp_to_pb};
use medfund_server::{Context, Violations};
use uuid::Uuid;

use super::resource::tariff_to_pb;
use super::{tariff_name, tariff_name_to_pb};
use crate::app::Read;
use crate::app::confirm_adoption::ConfirmAdoption;
use crate::app::propose_adoption::ProposeAdoption;
use crate::app::tariff::TariffInForce;
use crate::domain::adoption::{Adopted, Adoption, Kind};
use crate::grpc::convert::adoption::{on_day, proposed};
use crate::grpc::convert::{Named, changed, id_named, listed};
use crate::store::Page;
use crate::store::adoptions::AdoptionKey;

const ADOPTION: &str = "areas/{area}/tariffAdoptions/{adoption}";

fn adoption_name(context: &Context, name: &str) -> Named<Uuid> {
    id_named(context, ADOPTION, name)
}

pub(in crate::grpc) fn propose_adoption(
    context: &Context,
    request: &pb::ProposeTariffAdoptionRequest,
) -> Result<ProposeAdoption, Violations> {
    let tariff = tariff_name(context, &request.tariff).map(|(_, id)| Adopted::Tariff(id));
    let name = adoption_name(context, &request.name);
    proposed(context, name, ("tariff", tariff), request.effective_date, &request.request_id)
}

pub(in crate::grpc) fn confirm_adoption(
    context: &Context,
    request: &pb::ConfirmTariffAdoptionRequest,
) -> Result<ConfirmAdoption, Violations> {
    let (call, id) = changed(context, adoption_name(context, &request.name), &request.request_id)?;
    Ok(ConfirmAdoption { call, kind: Kind::Tariff, id })
}

pub(in crate::grpc) fn list_adoptions(
    context: &Context,
    request: &pb::ListTariffAdoptionsRequest,
) -> Result<(Read, Page<AdoptionKey>), Violations> {
    listed(context, &request.parent, request.page_size, &request.page_token)
}

pub(in crate::grpc) fn get_in_force(
    context: &Context,
    request: &pb::GetTariffInForceRequest,
) -> Result<(Read, NaiveDate), Violations> {
    on_day(context, &request.parent, request.date)
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

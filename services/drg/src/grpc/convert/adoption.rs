use chrono::NaiveDate;
use medfund_proto::drg::v1 as pb;
use medfund_proto::drg::v1::adoption::State;
use medfund_proto::google::r#type::Date;
use medfund_server::convert::{date, date_to_pb, split_page, timestamp_to_pb};
use medfund_server::{Context, FieldProblem, Violations};
use uuid::Uuid;

use super::scheme::scheme_to_pb;
use super::{Named, call, changed, id_named, listed, read, scheme_name, scheme_name_to_pb};
use crate::app::confirm_adoption::ConfirmAdoption;
use crate::app::propose_adoption::ProposeAdoption;
use crate::app::{InForce, Read};
use crate::domain::adoption::{Adopted, Adoption, Kind};
use crate::store::Page;
use crate::store::adoptions::AdoptionKey;

const ADOPTION: &str = "areas/{area}/adoptions/{adoption}";

fn adoption_name(context: &Context, name: &str) -> Named<Uuid> {
    id_named(context, ADOPTION, name)
}

pub(in crate::grpc) fn propose_adoption(
    context: &Context,
    request: &pb::ProposeAdoptionRequest,
) -> Result<ProposeAdoption, Violations> {
    let scheme = scheme_name(context, &request.scheme).map(|(_, hash)| Adopted::Scheme(hash));
    let name = adoption_name(context, &request.name);
    proposed(context, name, ("scheme", scheme), request.effective_date, &request.request_id)
}

/// A proposal that something is in force from a day on.
///
/// - `adopted`: the field that names it, and what it names.
pub(super) fn proposed(
    context: &Context,
    name: Named<Uuid>,
    adopted: (&str, Result<Adopted, FieldProblem>),
    effective_date: Option<Date>,
    request_id: &str,
) -> Result<ProposeAdoption, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", name);
    let adopted = bad.take(adopted.0, adopted.1);
    let effective_date = bad.take("effective_date", date(effective_date));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), request_id);
    bad.finish(|| {
        let (call, id) = (call?, name?.1);
        Some(ProposeAdoption { call, id, adopted: adopted?, effective_date: effective_date? })
    })
}

pub(in crate::grpc) fn confirm_adoption(
    context: &Context,
    request: &pb::ConfirmAdoptionRequest,
) -> Result<ConfirmAdoption, Violations> {
    let (call, id) = changed(context, adoption_name(context, &request.name), &request.request_id)?;
    Ok(ConfirmAdoption { call, kind: Kind::Scheme, id })
}

pub(in crate::grpc) fn list_adoptions(
    context: &Context,
    request: &pb::ListAdoptionsRequest,
) -> Result<(Read, Page<AdoptionKey>), Violations> {
    listed(context, &request.parent, request.page_size, &request.page_token)
}

pub(in crate::grpc) fn get_scheme_in_force(
    context: &Context,
    request: &pb::GetSchemeInForceRequest,
) -> Result<(Read, NaiveDate), Violations> {
    on_day(context, &request.parent, request.date)
}

/// What an area has in force on a day.
pub(super) fn on_day(
    context: &Context,
    parent: &str,
    day: Option<Date>,
) -> Result<(Read, NaiveDate), Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(parent));
    let day = bad.take("date", date(day));
    bad.finish(|| Some((read(context, area?), day?)))
}

pub(in crate::grpc) fn adoptions_to_pb(
    adoptions: Vec<Adoption>,
    size: usize,
    request: &pb::ListAdoptionsRequest,
) -> pb::ListAdoptionsResponse {
    let key = |adoption: &Adoption| (adoption.effective_date, adoption.id);
    let (adoptions, next_page_token) = split_page(adoptions, size, key, &[&request.parent]);
    pb::ListAdoptionsResponse { adoptions: adoptions.iter().map(adoption_to_pb).collect(), next_page_token }
}

pub(in crate::grpc) fn adoption_to_pb(adoption: &Adoption) -> pb::Adoption {
    let confirmed = adoption.confirmed.as_ref();
    let scheme = adoption.adopted.scheme().expect("an adoption of a scheme");
    pb::Adoption {
        name: format!("areas/{}/adoptions/{}", adoption.area, adoption.id),
        scheme: scheme_name_to_pb(&adoption.area, scheme),
        effective_date: Some(date_to_pb(adoption.effective_date)),
        state: confirmed.map_or(State::Proposed, |_| State::Confirmed).into(),
        maker: adoption.maker.clone(),
        checker: confirmed.map(|confirmed| confirmed.checker.clone()).unwrap_or_default(),
        create_time: Some(timestamp_to_pb(adoption.create_time)),
        confirm_time: confirmed.map(|confirmed| timestamp_to_pb(confirmed.time)),
    }
}

pub(in crate::grpc) fn in_force_to_pb(found: &InForce) -> pb::GetSchemeInForceResponse {
    pb::GetSchemeInForceResponse {
        adoption: Some(adoption_to_pb(&found.adoption)),
        scheme: Some(scheme_to_pb(&found.scheme)),
    }
}

use std::collections::HashSet;

use chrono::NaiveDate;
use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::agreement::State;
use medfund_proto::auth::v1::Role;
use medfund_server::convert::{date_to_pb, optional_date, split_page, timestamp_to_pb};
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::{Area, District, FundYear, InstitutionCode};
use uuid::Uuid;

use super::terms::terms;
use super::{MAX_ID, call, decimal, fund_year, fund_year_name, id_name, method, page, read, text};
use crate::app::Read;
use crate::app::draft_agreement::DraftAgreement;
use crate::app::set_inpatient_method::SetInpatientMethod;
use crate::app::sign_agreement::SignAgreement;
use crate::domain::agreement::{Agreement, IndicatorLimit, Side, Signature};
use crate::domain::method::{Choice, InpatientMethod};
use crate::events::{method_to_pb, term_to_pb};
use crate::store::Page;

pub(in crate::grpc) const AGREEMENT: &str = "areas/{area}/agreements/{agreement}";
const METHOD: &str = "areas/{area}/districts/{district}/inpatientMethods/{from_fund_year}";
const DECISION: &str = "areas/{area}/decisions/{decision}";
const MAX_LIMITS: usize = 100;

fn method_name(context: &Context, name: &str) -> Result<(Area, District, FundYear), FieldProblem> {
    let name = context.name::<2>(METHOD, name)?;
    Ok((name.area, name.ids[0].parse()?, fund_year(name.ids[1])?))
}

pub(in crate::grpc) fn set_inpatient_method(
    context: &Context,
    request: &pb::SetInpatientMethodRequest,
) -> Result<SetInpatientMethod, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", method_name(context, &request.name));
    let method = bad.take("method", method(request.method));
    let decision = bad.take("decision", id_name(context, DECISION, &request.decision));
    let call = call(&mut bad, context, name.as_ref().map(|(area, ..)| area), &request.request_id);
    bad.finish(|| {
        let (area, district, from_fund_year) = name?;
        let choice = Choice { area, district, from_fund_year, method: method? };
        Some(SetInpatientMethod { call: call?, choice, decision: decision?.1 })
    })
}

type MethodsPage = Page<(String, i32)>;

pub(in crate::grpc) fn list_inpatient_methods(
    context: &Context,
    request: &pb::ListInpatientMethodsRequest,
) -> Result<(Read, Option<District>, MethodsPage), Violations> {
    let mut bad = Violations::default();
    let area = bad.take("parent", context.area(&request.parent));
    let district = bad.take_text("district", &request.district, str::parse::<District>);
    let bound_to = [request.parent.as_str(), &request.district];
    let page = page(&mut bad, &bound_to, request.page_size, &request.page_token);
    bad.finish(|| Some((read(context, area?), district?, page?)))
}

pub(in crate::grpc) fn inpatient_methods_to_pb(
    methods: Vec<InpatientMethod>,
    size: usize,
    request: &pb::ListInpatientMethodsRequest,
) -> pb::ListInpatientMethodsResponse {
    let bound_to = [request.parent.as_str(), &request.district];
    let key = |m: &InpatientMethod| (m.district.to_string(), m.from_fund_year.get());
    let (methods, next_page_token) = split_page(methods, size, key, &bound_to);
    let inpatient_methods = methods.iter().map(inpatient_method_to_pb).collect();
    pb::ListInpatientMethodsResponse { inpatient_methods, next_page_token }
}

pub(in crate::grpc) fn inpatient_method_to_pb(set: &InpatientMethod) -> pb::InpatientMethod {
    let InpatientMethod { area, district, from_fund_year, .. } = set;
    pb::InpatientMethod {
        name: format!("areas/{area}/districts/{district}/inpatientMethods/{from_fund_year}"),
        district: district.to_string(),
        method: method_to_pb(set.method).into(),
        from_fund_year: from_fund_year.get(),
        locked_through_fund_year: set.locked_through.get(),
        decision: format!("areas/{area}/decisions/{}", set.decision),
    }
}

pub(in crate::grpc) fn draft_agreement(
    context: &Context,
    request: pb::DraftAgreementRequest,
) -> Result<DraftAgreement, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", id_name(context, AGREEMENT, &request.name));
    let fund_year = bad.take("fund_year", FundYear::try_from(request.fund_year));
    let institution = bad.take("institution_code", request.institution_code.parse::<InstitutionCode>());
    let terms = terms(&mut bad, request.terms);
    let indicator_limits = limits(&mut bad, request.indicator_limits);
    let grade =
        bad.take_text("management_grade", &request.management_grade, |grade| text(grade.to_owned(), MAX_ID));
    let supplements =
        bad.take_text("supplements", &request.supplements, |name| id_name(context, AGREEMENT, name));
    let effective_date = bad.take("effective_date", optional_date(request.effective_date));
    if request.supplements.is_empty() == request.effective_date.is_some() {
        bad.add("effective_date", "must be given for a supplement and for nothing else");
    }
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id);
    bad.finish(|| {
        let (area, id) = name?;
        let draft = Agreement {
            area,
            id,
            fund_year: fund_year?,
            institution: institution?,
            terms: terms?,
            indicator_limits: indicator_limits?,
            management_grade: grade?.unwrap_or_default(),
            supplements: supplements?.map(|(_, id)| id),
            effective_date: effective_date?.unwrap_or(NaiveDate::MIN),
            version: None,
            maker: context.caller().subject.clone(),
            agency_signature: None,
            institution_signature: None,
        };
        Some(DraftAgreement { call: call?, draft })
    })
}

fn limits(bad: &mut Violations, limits: Vec<pb::IndicatorLimit>) -> Option<Vec<IndicatorLimit>> {
    if limits.len() > MAX_LIMITS {
        bad.add("indicator_limits", format!("must be at most {MAX_LIMITS}"));
        return None;
    }
    let mut seen = HashSet::new();
    bad.each("indicator_limits", limits, |bad, given| {
        let indicator = bad.take("indicator", text(given.indicator, MAX_ID));
        let limit = bad.take("limit_value", decimal(&given.limit_value));
        let indicator = indicator?;
        if !seen.insert(indicator.clone()) {
            bad.add("indicator", "must not be given twice");
            return None;
        }
        Some(IndicatorLimit { indicator, limit: limit? })
    })
}

pub(in crate::grpc) fn sign_agreement(
    context: &Context,
    request: &pb::SignAgreementRequest,
) -> Result<SignAgreement, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", id_name(context, AGREEMENT, &request.name));
    let call = call(&mut bad, context, name.as_ref().map(|(area, _)| area), &request.request_id);
    let side = if context.has_role(Role::Institution) { Side::Institution } else { Side::Agency };
    bad.finish(|| Some(SignAgreement { call: call?, id: name?.1, side }))
}

type AgreementsPage = Page<(String, Uuid)>;

pub(in crate::grpc) fn list_agreements(
    context: &Context,
    request: &pb::ListAgreementsRequest,
) -> Result<(Read, FundYear, Option<InstitutionCode>, AgreementsPage), Violations> {
    let mut bad = Violations::default();
    let parent = bad.take("parent", fund_year_name(context, &request.parent));
    let code = bad.take_text("institution_code", &request.institution_code, str::parse::<InstitutionCode>);
    let bound_to = [request.parent.as_str(), &request.institution_code];
    let page = page(&mut bad, &bound_to, request.page_size, &request.page_token);
    bad.finish(|| {
        let (area, fund_year) = parent?;
        Some((read(context, area), fund_year, code?, page?))
    })
}

pub(in crate::grpc) fn agreements_to_pb(
    agreements: Vec<Agreement>,
    size: usize,
    request: &pb::ListAgreementsRequest,
) -> pb::ListAgreementsResponse {
    let bound_to = [request.parent.as_str(), &request.institution_code];
    let key = |agreement: &Agreement| (agreement.institution.to_string(), agreement.id);
    let (agreements, next_page_token) = split_page(agreements, size, key, &bound_to);
    pb::ListAgreementsResponse {
        agreements: agreements.iter().map(agreement_to_pb).collect(),
        next_page_token,
    }
}

pub(in crate::grpc) fn agreement_to_pb(agreement: &Agreement) -> pb::Agreement {
    let state = if agreement.is_signed() { State::Signed } else { State::Draft };
    let supplements = agreement.supplements.map(|id| format!("areas/{}/agreements/{id}", agreement.area));
    let signature = |signature: &Signature| pb::Signature {
        signer: signature.signer.clone(),
        sign_time: Some(timestamp_to_pb(signature.time)),
    };
    let limit = |limit: &IndicatorLimit| pb::IndicatorLimit {
        indicator: limit.indicator.clone(),
        limit_value: limit.limit.to_string(),
    };
    pb::Agreement {
        name: agreement.name(),
        fund_year: agreement.fund_year.get(),
        institution_code: agreement.institution.to_string(),
        terms: agreement.terms.iter().map(term_to_pb).collect(),
        indicator_limits: agreement.indicator_limits.iter().map(limit).collect(),
        supplements: supplements.unwrap_or_default(),
        effective_date: Some(date_to_pb(agreement.effective_date)),
        state: state.into(),
        version: agreement.version.unwrap_or_default(),
        maker: agreement.maker.clone(),
        agency_signature: agreement.agency_signature.as_ref().map(signature),
        institution_signature: agreement.institution_signature.as_ref().map(signature),
        management_grade: agreement.management_grade.clone(),
    }
}

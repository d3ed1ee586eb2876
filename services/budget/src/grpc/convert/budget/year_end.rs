use medfund_proto::budget::v1 as pb;
use medfund_server::convert::{fen_not_negative, uuid};
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::District;

use super::names::{allotment_name, decision, key};
use super::quota::refuse_twice;
use super::target::take_deductions;
use crate::app::allot_primary_care::AllotPrimaryCare;
use crate::app::close_accounts::CloseAccounts;
use crate::app::open_clearing::OpenClearing;
use crate::app::publish_disclosure::PublishDisclosure;
use crate::domain::disclosure::DisclosureKind;
use crate::domain::key::BudgetKey;
use crate::grpc::convert::call;

pub(in crate::grpc) fn open_clearing(
    context: &Context,
    request: pb::OpenClearingRequest,
) -> Result<OpenClearing, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", key(context, "reserves", &request.name));
    let area = key.as_ref().map(|key| &key.area);
    let call = call(&mut bad, context, area, &request.request_id, request.validate_only);
    bad.finish(|| Some(OpenClearing { call: call?, key: key? }))
}

pub(in crate::grpc) fn allot_primary_care(
    context: &Context,
    request: pb::AllotPrimaryCareRequest,
) -> Result<AllotPrimaryCare, Violations> {
    let mut bad = Violations::default();
    let name = bad.take("name", allotment_name(context, &request.name));
    let area = name.as_ref().map(|(area, ..)| area);
    let call = call(&mut bad, context, area, &request.request_id, request.validate_only);
    refuse_twice(&mut bad, "districts", request.districts.iter().map(|one| one.district.as_str()));
    let increases = bad.each("districts", request.districts, |bad, one| {
        let district = bad.take("district", one.district.parse::<District>());
        let increase = bad.take("funding_increase_fen", fen_not_negative(one.funding_increase_fen));
        Some((district?, increase?))
    });
    let decision = bad.take_text("decision", &request.decision, |name| decision(context, name));
    bad.finish(|| {
        let (_, fund_year, fund_line) = name?;
        Some(AllotPrimaryCare {
            call: call?,
            fund_year,
            fund_line,
            increases: increases?,
            decision: decision?,
        })
    })
}

pub(in crate::grpc) fn close_accounts(
    context: &Context,
    request: pb::CloseAccountsRequest,
) -> Result<CloseAccounts, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", key(context, "finalAccounts", &request.name));
    let area = key.as_ref().map(|key| &key.area);
    let call = call(&mut bad, context, area, &request.request_id, request.validate_only);
    let income = bad.take("income_fen", fen_not_negative(request.income_fen));
    let backstop = bad.take("backstop_fen", fen_not_negative(request.backstop_fen));
    let risk_fund = bad.take("risk_fund_fen", fen_not_negative(request.risk_fund_fen));
    for (field, part) in [("backstop_fen", backstop), ("risk_fund_fen", risk_fund)] {
        if income.is_some_and(|income| part.is_some_and(|part| part > income)) {
            bad.add(field, "must be at most `income_fen`");
        }
    }
    let deductions = take_deductions(&mut bad, request.deductions);
    let decision = bad.take_text("decision", &request.decision, |name| decision(context, name));
    bad.finish(|| {
        Some(CloseAccounts {
            call: call?,
            key: key?,
            income: income?,
            backstop: backstop?,
            risk_fund: risk_fund?,
            deductions: deductions?,
            decision: decision?,
        })
    })
}

pub(in crate::grpc) fn publish_disclosure(
    context: &Context,
    request: pb::PublishDisclosureRequest,
) -> Result<PublishDisclosure, Violations> {
    let mut bad = Violations::default();
    let name = context.name::<1>("areas/{area}/disclosures/{disclosure}", &request.name);
    let id = bad.take("name", name.and_then(|name| uuid(name.ids[0])));
    let subject = bad.take("subject", subject(context, &request.subject));
    let area = subject.as_ref().map(|(_, key)| &key.area);
    let call = call(&mut bad, context, area, &request.request_id, false);
    bad.finish(|| {
        let (kind, key) = subject?;
        Some(PublishDisclosure { call: call?, id: id?, kind, key, subject: request.subject })
    })
}

fn subject(context: &Context, name: &str) -> Result<(DisclosureKind, BudgetKey), FieldProblem> {
    let kinds = [
        ("budgets", DisclosureKind::Budget),
        ("targets", DisclosureKind::Target),
        ("structures", DisclosureKind::Structure),
        ("decompositions", DisclosureKind::Decomposition),
        ("finalAccounts", DisclosureKind::FinalAccount),
    ];
    let collection = name.split('/').nth(2).unwrap_or_default();
    let known = kinds.into_iter().find(|(known, _)| *known == collection);
    let (collection, kind) =
        known.ok_or("must name a budget, target, structure, decomposition or final account")?;
    Ok((kind, key(context, collection, name)?))
}

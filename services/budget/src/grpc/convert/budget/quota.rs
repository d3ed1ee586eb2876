use std::collections::BTreeSet;

use medfund_money::Fen;
use medfund_proto::budget::v1 as pb;
use medfund_server::convert::{
    decimal, fen, fen_not_negative, fen_positive, kind_of_care, uuid, version_from_etag,
};
use medfund_server::{Context, FieldProblem, Violations};
use medfund_types::InstitutionCode;

use super::budgets::MAX_NOTE;
use super::names::{decision, institution_key, key};
use super::target::MAX_ID;
use crate::app::adjust_quota::AdjustQuota;
use crate::app::balance_decomposition::BalanceDecomposition;
use crate::app::propose_decomposition::ProposeDecomposition;
use crate::app::record_coefficient::RecordCoefficient;
use crate::app::record_history::RecordHistory;
use crate::app::record_negotiation_round::RecordNegotiationRound;
use crate::app::submit_application::SubmitApplication;
use crate::domain::coefficient::Factor;
use crate::domain::key::BudgetKey;
use crate::domain::negotiation::{AgreedCoefficient, RoundKey, Talks};
use crate::domain::quota::RecordedYears;
use crate::grpc::convert::{call, optional_text, text};

const MAX_TEXT: usize = 200;

pub(in crate::grpc) fn record_history(
    context: &Context,
    request: pb::RecordHistoryRequest,
) -> Result<RecordHistory, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", institution_key(context, "histories", &request.name));
    let area = key.as_ref().map(|key| &key.area);
    let call = call(&mut bad, context, area, &request.request_id, false);
    let history =
        bad.each("history_fen", request.history_fen, |bad, fen| bad.take("", fen_not_negative(fen)));
    let settled = bad.take("last_year_settled_fen", fen_not_negative(request.last_year_settled_fen));
    let base = bad.take("recorded_base_fen", fen_not_negative(request.recorded_base_fen));
    if (request.recorded_base_fen != 0) == request.recorded_base_reason.trim().is_empty() {
        bad.add("recorded_base_reason", "must say why a base stands for the history, if one does");
    }
    let reason = bad.take("recorded_base_reason", optional_text(request.recorded_base_reason, MAX_NOTE));
    bad.finish(|| {
        let years = RecordedYears {
            history: history?,
            last_year_settled: settled?,
            recorded_base: base.filter(|base| *base > Fen::ZERO),
            recorded_base_reason: reason?,
        };
        Some(RecordHistory { call: call?, key: key?, years })
    })
}

pub(in crate::grpc) fn submit_application(
    context: &Context,
    request: pb::SubmitApplicationRequest,
) -> Result<SubmitApplication, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", institution_key(context, "applications", &request.name));
    let area = key.as_ref().map(|key| &key.area);
    let call = call(&mut bad, context, area, &request.request_id, false);
    let applied = bad.take("applied_fen", fen_positive(request.applied_fen));
    let reason = bad.take("reason", optional_text(request.reason, MAX_NOTE));
    bad.finish(|| Some(SubmitApplication { call: call?, key: key?, applied: applied?, reason: reason? }))
}

pub(in crate::grpc) fn record_coefficient(
    context: &Context,
    request: pb::RecordCoefficientRequest,
) -> Result<RecordCoefficient, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", institution_key(context, "coefficients", &request.name));
    let area = key.as_ref().map(|key| &key.area);
    let call = call(&mut bad, context, area, &request.request_id, false);
    let factors = take_factors(&mut bad, request.factors);
    bad.finish(|| Some(RecordCoefficient { call: call?, key: key?, factors: factors? }))
}

fn take_factors(bad: &mut Violations, factors: Vec<pb::Factor>) -> Option<Vec<Factor>> {
    bad.each("factors", factors, |bad, factor| {
        let id = bad.take("id", text(factor.id, MAX_ID));
        let value = bad.take("value", decimal(&factor.value));
        Some(Factor { id: id?, value: value? })
    })
}

pub(in crate::grpc) fn record_negotiation_round(
    context: &Context,
    request: pb::RecordNegotiationRoundRequest,
) -> Result<RecordNegotiationRound, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", round_name(context, &request.name));
    let area = key.as_ref().map(|key| &key.budget.area);
    let call = call(&mut bad, context, area, &request.request_id, false);
    let codes = &request.institution_codes;
    if codes.is_empty() {
        bad.add("institution_codes", "must name at least one institution");
    }
    refuse_twice(&mut bad, "institution_codes", codes.iter().map(String::as_str));
    let institutions =
        bad.each("institution_codes", codes, |bad, code| bad.take("", code.parse::<InstitutionCode>()));
    if request.participants.is_empty() {
        bad.add("participants", "must name at least one participant");
    }
    let participants =
        bad.each("participants", request.participants, |bad, one| bad.take("", text(one, MAX_TEXT)));
    let minutes_reference = bad.take("minutes_reference", text(request.minutes_reference, MAX_TEXT));
    let agreed_for = request.coefficients.iter().map(|agreed| agreed.institution_code.as_str());
    refuse_twice(&mut bad, "coefficients", agreed_for);
    let coefficients = bad.each("coefficients", request.coefficients, |bad, agreed| {
        let institution = bad.take("institution_code", agreed.institution_code.parse());
        let factors = take_factors(bad, agreed.factors);
        Some(AgreedCoefficient { institution: institution?, factors: factors? })
    });
    bad.finish(|| {
        let talks = Talks {
            institutions: institutions?,
            participants: participants?,
            minutes_reference: minutes_reference?,
            coefficients: coefficients?,
        };
        Some(RecordNegotiationRound { call: call?, key: key?, talks })
    })
}

fn round_name(context: &Context, name: &str) -> Result<RoundKey, FieldProblem> {
    let parsed = context.name::<1>("areas/{area}/negotiationRounds/{id}", name)?;
    let form = "must have the form \
        `areas/{area}/negotiationRounds/{fund_year}-{fund_line}-{district}-{group}-{round_number}`";
    let malformed = || FieldProblem::Malformed(form.to_owned());
    let parts: Vec<&str> = parsed.ids[0].split('-').collect();
    let [year, line, district, group, number] = parts[..] else { return Err(malformed()) };
    let id = format!("{year}-{line}-{district}");
    let budget = BudgetKey::from_id(parsed.area, &id).ok_or_else(malformed)?;
    let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let number: u32 = number.parse().ok().filter(|n| (1..=1_000).contains(n)).ok_or_else(malformed)?;
    if group.is_empty() || group.len() > MAX_ID || !group.bytes().all(word) {
        return Err(malformed());
    }
    Ok(RoundKey { budget, group: group.to_owned(), number })
}

pub(in crate::grpc) fn propose_decomposition(
    context: &Context,
    request: pb::ProposeDecompositionRequest,
) -> Result<ProposeDecomposition, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", key(context, "decompositions", &request.name));
    let area = key.as_ref().map(|key| &key.area);
    let call = call(&mut bad, context, area, &request.request_id, request.validate_only);
    let forecast = bad.take_text("forecast_factor", &request.forecast_factor, decimal);
    let cares =
        bad.each("kinds_of_care", request.kinds_of_care, |bad, kind| bad.take("", kind_of_care(kind)));
    bad.finish(|| Some(ProposeDecomposition { call: call?, key: key?, forecast: forecast?, cares: cares? }))
}

pub(in crate::grpc) fn balance_decomposition(
    context: &Context,
    request: pb::BalanceDecompositionRequest,
) -> Result<BalanceDecomposition, Violations> {
    let mut bad = Violations::default();
    let key = bad.take("name", key(context, "decompositions", &request.name));
    let area = key.as_ref().map(|key| &key.area);
    let call = call(&mut bad, context, area, &request.request_id, false);
    let note = bad.take("note", optional_text(request.note, MAX_NOTE));
    let version = bad.take("etag", version_from_etag(&request.etag));
    bad.finish(|| Some(BalanceDecomposition { call: call?, key: key?, note: note?, version: version? }))
}

pub(in crate::grpc) fn adjust_quota(
    context: &Context,
    request: pb::AdjustQuotaRequest,
) -> Result<AdjustQuota, Violations> {
    let mut bad = Violations::default();
    let name = context.name::<1>("areas/{area}/quotaAdjustments/{quota_adjustment}", &request.name);
    let id = bad.take("name", name.and_then(|name| uuid(name.ids[0])));
    let key = bad.take("decomposition", key(context, "decompositions", &request.decomposition));
    let area = key.as_ref().map(|key| &key.area);
    let call = call(&mut bad, context, area, &request.request_id, request.validate_only);
    let institution = bad.take("institution_code", request.institution_code.parse::<InstitutionCode>());
    let reason = bad.take("reason", text(request.reason, MAX_ID));
    let change = bad.take("change_fen", fen(request.change_fen));
    if change == Some(Fen::ZERO) {
        bad.add("change_fen", "must not be 0");
    }
    let decision = bad.take("decision", decision(context, &request.decision));
    bad.finish(|| {
        Some(AdjustQuota {
            call: call?,
            id: id?,
            key: key?,
            institution: institution?,
            reason: reason?,
            change: change?,
            decision: decision?,
        })
    })
}

/// Notes every code that a list names twice.
pub(super) fn refuse_twice<'c>(bad: &mut Violations, field: &str, codes: impl Iterator<Item = &'c str>) {
    let mut seen = BTreeSet::new();
    for code in codes {
        if !seen.insert(code) {
            bad.add(field, format!("names {code} twice"));
        }
    }
}

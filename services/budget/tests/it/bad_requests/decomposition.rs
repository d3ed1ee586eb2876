use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use super::{TOO_MUCH, elsewhere, long};
use crate::lived::Year;
use crate::requests::{
    HOSPITAL, KEY, PRIMARY, balance_decomposition, decide_decomposition, decision_name, factor,
    propose_decomposition, record_coefficient, record_history, record_round, submit_application,
};

pub(super) async fn fill(year: &Year, table: &mut BadRequests) {
    made_from(year, table).await;
    rounds(year, table).await;
    let mut officer = year.officer();
    bad_requests!(table, officer.propose_decomposition(propose_decomposition(KEY)), {
        "a year of another century": |r| r.name = r.name.replace("2017", "2101") => ["name"],
        "a factor with a comma": |r| r.forecast_factor = "1,05".to_owned() => ["forecast_factor"],
        "a factor of 31 digits": |r| r.forecast_factor = "9".repeat(31) => ["forecast_factor"],
        "a kind of care that is not known": |r| r.kinds_of_care = vec![1, 0] => ["kinds_of_care[1]"],
        "a factor with an exponent": |r| r.forecast_factor = "1e0".to_owned() => ["forecast_factor"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "everything bad": |r|
            *r = pb::ProposeDecompositionRequest { forecast_factor: "x".to_owned(), ..Default::default() }
            => ["name", "request_id", "forecast_factor"],
    });
    let mut city = year.client(Role::CityAgency);
    bad_requests!(table, city.balance_decomposition(balance_decomposition(KEY, "\"1\"")), {
        "a note of 2,001 characters": |r| r.note = long(2_001) => ["note"],
        "an etag with a zero before it": |r| r.etag = "\"01\"".to_owned() => ["etag"],
        "a weak etag": |r| r.etag = "W/\"1\"".to_owned() => ["etag"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "everything bad": |r| *r = pb::BalanceDecompositionRequest::default()
            => ["name", "request_id", "etag"],
    });
    bad_requests!(table, city.decide_decomposition(decide_decomposition(KEY, &decision_name(), "\"1\"")), {
        "a decision without an id": |r| r.decision = "areas/440700/decisions/".to_owned() => ["decision"],
        "an etag of another kind": |r| r.etag = "\"a\"".to_owned() => ["etag"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "everything bad": |r| *r = pb::DecideDecompositionRequest::default()
            => ["name", "request_id", "decision", "etag"],
    });
}

async fn made_from(year: &Year, table: &mut BadRequests) {
    let mut officer = year.officer();
    bad_requests!(table, officer.record_history(record_history(KEY, PRIMARY)), {
        "a district for an institution": |r| r.name = KEY.name("histories") => ["name"],
        "a code in lower case": |r| r.name = r.name.replace('H', "h") => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "a year below zero": |r| r.history_fen[1] = -1 => ["history_fen[1]"],
        "a year that cannot be counted": |r| r.history_fen[2] = TOO_MUCH => ["history_fen[2]"],
        "a settlement below zero": |r| r.last_year_settled_fen = -1 => ["last_year_settled_fen"],
        "a base below zero": |r| { r.recorded_base_fen = -1; r.recorded_base_reason = "x".to_owned(); }
            => ["recorded_base_fen"],
        "a base without a reason": |r| r.recorded_base_fen = 1 => ["recorded_base_reason"],
        "a reason without a base": |r| r.recorded_base_reason = "扩建".to_owned() => ["recorded_base_reason"],
        "a reason of 2,001 characters": |r| { r.recorded_base_fen = 1; r.recorded_base_reason = long(2_001); }
            => ["recorded_base_reason"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "everything bad": |r|
            *r = pb::RecordHistoryRequest { history_fen: vec![-1, 0, -1], last_year_settled_fen: i64::MAX, recorded_base_fen: 1, ..Default::default() }
            => [
                "name", "request_id", "history_fen[0]", "history_fen[2]", "last_year_settled_fen",
                "recorded_base_reason",
            ],
    });
    let mut hospital = year.institution(HOSPITAL);
    bad_requests!(table, hospital.submit_application(submit_application(KEY, HOSPITAL)), {
        "nothing applied for": |r| r.applied_fen = 0 => ["applied_fen"],
        "more than can be counted": |r| r.applied_fen = i64::MAX => ["applied_fen"],
        "a reason of 2,001 characters": |r| r.reason = long(2_001) => ["reason"],
        "another institution": |r| r.name = KEY.of("applications", PRIMARY) => Refused::not_found(),
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "everything bad": |r| *r = pb::SubmitApplicationRequest::default()
            => ["name", "request_id", "applied_fen"],
    });
    let good = record_coefficient(KEY, HOSPITAL, "effective_volume", "1");
    bad_requests!(table, officer.record_coefficient(good), {
        "a factor without an id": |r| r.factors[0].id.clear() => ["factors[0].id"],
        "a factor of 41 characters": |r| r.factors[0].id = long(41) => ["factors[0].id"],
        "a factor without a value": |r| r.factors[0].value.clear() => ["factors[0].value"],
        "a value with a point at its end": |r| r.factors[0].value = "1.".to_owned() => ["factors[0].value"],
        "a value of 31 digits": |r| r.factors[0].value = "1".repeat(31) => ["factors[0].value"],
        "a second factor that is bad": |r| r.factors.push(factor("", "one"))
            => ["factors[1].id", "factors[1].value"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "everything bad": |r|
            *r = pb::RecordCoefficientRequest { factors: vec![factor("", "")], ..Default::default() }
            => ["name", "request_id", "factors[0].id", "factors[0].value"],
    });
}

async fn rounds(year: &Year, table: &mut BadRequests) {
    let mut officer = year.officer();
    bad_requests!(table, officer.record_negotiation_round(record_round(KEY, 1)), {
        "no round": |r| r.name = r.name.replace("-tertiary-1", "") => ["name"],
        "round zero": |r| r.name = KEY.round(0) => ["name"],
        "round 1,001": |r| r.name = KEY.round(1_001) => ["name"],
        "a group in capitals": |r| r.name = r.name.replace("tertiary", "Tertiary") => ["name"],
        "a group of 41 letters": |r| r.name = r.name.replace("tertiary", &"a".repeat(41)) => ["name"],
        "another area": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "no institution": |r| r.institution_codes.clear() => ["institution_codes"],
        "an institution without a code": |r| r.institution_codes.push(String::new())
            => ["institution_codes[1]"],
        "an institution twice": |r| r.institution_codes.push(HOSPITAL.to_owned()) => ["institution_codes"],
        "nobody there": |r| r.participants.clear() => ["participants"],
        "a participant without a name": |r| r.participants[0] = " ".to_owned() => ["participants[0]"],
        "a participant of 201 characters": |r| r.participants[0] = long(201) => ["participants[0]"],
        "no minutes": |r| r.minutes_reference.clear() => ["minutes_reference"],
        "minutes of 201 characters": |r| r.minutes_reference = long(201) => ["minutes_reference"],
        "an agreed coefficient of nobody": |r| r.coefficients[0].institution_code.clear()
            => ["coefficients[0].institution_code"],
        "an agreed coefficient twice": |r| r.coefficients.push(r.coefficients[0].clone()) => ["coefficients"],
        "an agreed factor without a value": |r| r.coefficients[0].factors[0].value.clear()
            => ["coefficients[0].factors[0].value"],
        "everything bad": |r|
            *r = pb::RecordNegotiationRoundRequest { coefficients: vec![pb::AgreedCoefficient { institution_code: "x".to_owned(), factors: vec![factor("", "")] }], ..Default::default() }
            => [
                "name", "request_id", "institution_codes", "participants", "minutes_reference",
                "coefficients[0].institution_code", "coefficients[0].factors[0].id",
                "coefficients[0].factors[0].value",
            ],
    });
}

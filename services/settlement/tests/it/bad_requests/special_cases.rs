use medfund_proto::settlement::v1 as pb;
use medfund_testkit::{BadRequests, Refused, bad_requests};

use super::move_away;
use crate::bills::common::{CLINIC, HOSPITAL};
use crate::year::support::*;

pub(super) async fn refuse(suite: &Suite, table: &mut BadRequests) {
    experts(suite, table).await;
    let (mut officer, mut checker) = (suite.special_cases(), suite.special_cases_checker());
    let mut hospital = suite.special_cases_of(HOSPITAL);
    let elsewhere = |name: &str| name.replace(HOSPITAL, CLINIC);
    bad_requests!(table, hospital.file_special_case(file(HOSPITAL, "S1")), {
        "another area": |r| move_away(&mut r.bill) => Refused::not_found(),
        "another institution": |r| r.bill = elsewhere(&r.bill) => Refused::not_found(),
        "no evidence": |r| r.evidence.clear() => ["evidence"],
        "too much of it": |r| r.evidence = vec!["a".into(); 21] => ["evidence"],
        "a blank reference": |r| r.evidence.push(" ".into()) => ["evidence[1]"],
        "too many words": |r| r.reason = "字".repeat(501) => ["reason"],
        "all fields empty": |r| *r = Default::default() => ["bill", "reason", "evidence", "request_id"],
    });
    bad_requests!(table, officer.answer_special_case(answer("S1", true, "\"1\"")), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "too many words": |r| r.answer = "字".repeat(501) => ["answer"],
        "all fields empty": |r| *r = Default::default() => ["name", "answer", "etag", "request_id"],
    });
    bad_requests!(table, officer.record_expert_opinion(opinion("S1", &expert_name("e1"), true)), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "an expert's person": |r| r.expert = expert_name("Dr. Wang") => ["expert"],
        "all fields empty": |r| *r = Default::default() => ["name", "expert", "opinion", "request_id"],
    });
    bad_requests!(table, officer.propose_special_case_outcome(propose_case("S1", 1, "\"1\"")), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "less than nothing": |r| r.reviewed_cost_fen = -1 => ["reviewed_cost_fen"],
        "all fields empty": |r| *r = Default::default() => ["name", "note", "etag", "request_id"],
    });
    let case = pb::SpecialCase { name: case_name("S1"), etag: "\"1\"".into(), ..Default::default() };
    bad_requests!(table, checker.decide_special_case_outcome(decide_case(&case)), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "all fields empty": |r| *r = Default::default() => ["name", "etag", "request_id"],
    });
    bad_requests!(table, hospital.get_special_case(pb::GetSpecialCaseRequest { name: case_name("S1") }), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "another institution": |r| r.name = elsewhere(&r.name) => Refused::not_found(),
        "no settlement id": |r| r.name = format!("{PARENT}/institutions/{HOSPITAL}/specialCases/") => ["name"],
    });
    let list = pb::ListSpecialCasesRequest { parent: PARENT.into(), fund_year: 2017, ..Default::default() };
    bad_requests!(table, hospital.list_special_cases(list), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "all at once": |r| *r = pb::ListSpecialCasesRequest {
            page_size: -1, page_token: "x".into(), ..Default::default()
        } => ["parent", "fund_year", "page_size", "page_token"],
    });
}

async fn experts(suite: &Suite, table: &mut BadRequests) {
    let (mut officer, mut checker) = (suite.special_cases(), suite.special_cases_checker());
    bad_requests!(table, checker.register_expert(register("e1", HOSPITAL)), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "an id with capitals": |r| r.name = expert_name("E1") => ["name"],
        "an id too long": |r| r.name = expert_name(&"e".repeat(41)) => ["name"],
        "no institution's code": |r| r.institution_code = "医院".into() => ["institution_code"],
        "too many words": |r| r.specialty = "字".repeat(51) => ["specialty"],
        "all fields empty": |r| *r = Default::default() => ["name", "specialty", "request_id"],
    });
    bad_requests!(table, checker.retire_expert(retire("e1")), {
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "all fields empty": |r| *r = Default::default() => ["name", "request_id"],
    });
    let list = pb::ListExpertsRequest { parent: PARENT.into(), ..Default::default() };
    bad_requests!(table, officer.list_experts(list), {
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "all at once": |r| *r = pb::ListExpertsRequest {
            page_size: -1, page_token: "x".into(), ..Default::default()
        } => ["parent", "page_size", "page_token"],
    });
}

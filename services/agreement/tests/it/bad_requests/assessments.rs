use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::assessment_service_client::AssessmentServiceClient;
use medfund_testkit::{AREA, BadRequests, Refused, TestChannel, bad_requests};

use super::move_away;
use crate::assessments::{
    clean_record, conduct, confirm_clean_record, confirm_indicators, confirm_review, indicators, review,
};
use crate::support::*;

type Client = AssessmentServiceClient<TestChannel>;

pub(super) async fn refuse(suite: &Suite, table: &mut BadRequests) {
    let mut officer = Client::new(suite.channel(OFFICER, AREA));
    recording(&mut officer, table).await;
    let mut checker = Client::new(suite.channel(CHECKER, AREA));
    confirming(&mut checker, table).await;
    reading(&mut officer, table).await;
    listing(&mut officer, table).await;
}

async fn recording(officer: &mut Client, table: &mut BadRequests) {
    bad_requests!(table, officer.record_review(review("a")), {
        "the name of a violation": |r| r.name = name("violations") => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "a year after all funds": |r| r.fund_year = 3000 => ["fund_year"],
        "no institution's code": |r| r.institution_code = "X1".into() => ["institution_code"],
        "no grade": |r| r.grade.clear() => ["grade"],
        "a grade too long": |r| r.grade = "a".repeat(65) => ["grade"],
        "no reference": |r| r.reference.clear() => ["reference"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "all fields empty": |r| *r = Default::default()
            => ["name", "fund_year", "institution_code", "grade", "reference", "request_id"],
    });
    bad_requests!(table, officer.record_indicators(indicators("1")), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no fund year": |r| r.fund_year = 0 => ["fund_year"],
        "a value of nothing": |r| r.measured_values[0].indicator.clear() => ["measured_values[0].indicator"],
        "a value with an exponent": |r| r.measured_values[0].measured_value = "1e3".into()
            => ["measured_values[0].measured_value"],
        "no value": |r| r.measured_values[0].measured_value.clear() => ["measured_values[0].measured_value"],
        "an indicator twice": |r| { let one = r.measured_values[0].clone(); r.measured_values.insert(1, one) }
            => ["measured_values[1].indicator"],
        "too many values": |r| r.measured_values = vec![Default::default(); 101] => ["measured_values"],
        "three quarters": |r| r.quarter_visits = vec![1, 2, 3] => ["quarter_visits"],
        "fewer than no visits": |r| r.quarter_visits = vec![1, 2, 3, -4] => ["quarter_visits"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    bad_requests!(table, officer.record_conduct(conduct(2016, true)), {
        "a year that is none": |r| r.name = format!("{}/conducts/x", institution(HOSPITAL)) => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no reference": |r| r.reference.clear() => ["reference"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    bad_requests!(table, officer.state_clean_record(clean_record()), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "a year that is none": |r| r.fund_year = 1 => ["fund_year"],
        "no institution": |r| r.institution_code.clear() => ["institution_code"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
}

async fn confirming(checker: &mut Client, table: &mut BadRequests) {
    bad_requests!(table, checker.confirm_review(confirm_review(&name("reviews"))), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    bad_requests!(table, checker.confirm_indicators(confirm_indicators(&name("indicatorAssessments"))), {
        "the name of a review": |r| r.name = name("reviews") => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    bad_requests!(table, checker.confirm_clean_record(confirm_clean_record(&name("cleanRecords"))), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
}

async fn reading(officer: &mut Client, table: &mut BadRequests) {
    bad_requests!(table, officer.get_review(pb::GetReviewRequest { name: name("reviews") }), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
    });
    let good = name("indicatorAssessments");
    bad_requests!(table, officer.get_indicators(pb::GetIndicatorsRequest { name: good.clone() }), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
    });
    bad_requests!(table, officer.explain_deduction(pb::ExplainDeductionRequest { name: good }), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
    });
}

async fn listing(officer: &mut Client, table: &mut BadRequests) {
    let list = pb::ListReviewsRequest { parent: fund_year(), ..Default::default() };
    bad_requests!(table, officer.list_reviews(list), {
        "no fund year": |r| r.parent.clear() => ["parent"],
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "less than no rows": |r| r.page_size = -1 => ["page_size"],
        "a token that nobody gave": |r| r.page_token = "ff".into() => ["page_token"],
    });
    let list = pb::ListIndicatorsRequest { parent: fund_year(), ..Default::default() };
    bad_requests!(table, officer.list_indicators(list), {
        "no fund year": |r| r.parent.clear() => ["parent"],
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "no institution's code": |r| r.institution_code = "x".into() => ["institution_code"],
        "less than no rows": |r| r.page_size = -1 => ["page_size"],
    });
    let list = pb::ListCleanRecordsRequest { parent: fund_year(), ..Default::default() };
    bad_requests!(table, officer.list_clean_records(list), {
        "no fund year": |r| r.parent.clear() => ["parent"],
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "bad filter, size and token": |r| (r.institution_code, r.page_size, r.page_token) =
            ("x".into(), -1, "x".into()) => ["institution_code", "page_size", "page_token"],
    });
}

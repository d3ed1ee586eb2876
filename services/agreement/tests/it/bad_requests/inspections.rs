use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::inspection_service_client::InspectionServiceClient;
use medfund_testkit::{AREA, BadRequests, Refused, TestChannel, bad_requests};

use super::move_away;
use crate::inspections::{confirm_inspection, confirm_violation, inspection, violation};
use crate::support::*;

type Client = InspectionServiceClient<TestChannel>;

pub(super) async fn refuse(suite: &Suite, table: &mut BadRequests) {
    let mut officer = Client::new(suite.channel(OFFICER, AREA));
    violations(&mut officer, table).await;
    inspections(&mut officer, table).await;
    let mut checker = Client::new(suite.channel(CHECKER, AREA));
    bad_requests!(table, checker.confirm_violation(confirm_violation(&name("violations"))), {
        "the name of an inspection": |r| r.name = name("inspections") => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
    bad_requests!(table, checker.confirm_inspection(confirm_inspection(&name("inspections"))), {
        "the name of a violation": |r| r.name = name("violations") => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "a request id in capitals and braces": |r| r.request_id = format!("{{{}}}", id().to_uppercase())
            => ["request_id"],
    });
    reading(&mut officer, table).await;
}

async fn violations(officer: &mut Client, table: &mut BadRequests) {
    bad_requests!(table, officer.record_violation(violation()), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "no fund year": |r| r.fund_year = 0 => ["fund_year"],
        "no institution's code": |r| r.institution_code = "1".into() => ["institution_code"],
        "no kind": |r| r.kind.clear() => ["kind"],
        "a kind too long": |r| r.kind = "x".repeat(65) => ["kind"],
        "no day": |r| r.occur_date = None => ["occur_date"],
        "a month for a day": |r| r.occur_date.as_mut().unwrap().day = 0 => ["occur_date"],
        "an amount below nothing": |r| r.amount_fen = -1 => ["amount_fen"],
        "a name for a physician": |r| r.physician_code = "张三".into() => ["physician_code"],
        "a physician's code too long": |r| r.physician_code = "D".repeat(21) => ["physician_code"],
        "no reference": |r| r.reference.clear() => ["reference"],
        "a reference too long": |r| r.reference = "x".repeat(201) => ["reference"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
        "all fields empty": |r| *r = Default::default()
            => ["name", "fund_year", "institution_code", "kind", "occur_date", "reference", "request_id"],
    });
}

async fn inspections(officer: &mut Client, table: &mut BadRequests) {
    bad_requests!(table, officer.record_inspection(inspection()), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
        "a fund year that is none": |r| r.fund_year = -1 => ["fund_year"],
        "no institution's code": |r| r.institution_code.clear() => ["institution_code"],
        "no fund line": |r| r.fund_line.clear() => ["fund_line"],
        "no month": |r| r.settlement_month = None => ["settlement_month"],
        "a day for a month": |r| r.settlement_month.as_mut().unwrap().day = 1 => ["settlement_month"],
        "no cases at all": |r| (r.n_population, r.n_sample) = (0, 0)
            => ["n_population", "n_sample", "violating_cases"],
        "a sample larger than its population": |r| r.n_sample = 301 => ["n_sample"],
        "more violating cases than were drawn": |r| r.n_sample = 1 => ["violating_cases"],
        "no violating case": |r| r.violating_cases.clear() => ["violating_cases"],
        "a case without an id": |r| r.violating_cases[0].case_id.clear() => ["violating_cases[0].case_id"],
        "a case twice": |r| r.violating_cases[1].case_id = "S1".into() => ["violating_cases[1].case_id"],
        "a case that cost nothing": |r| r.violating_cases[0].amount_fen = 0 => ["violating_cases[0].amount_fen"],
        "a case of no kind": |r| r.violating_cases[0].kind.clear() => ["violating_cases[0].kind"],
        "no code of a case's physician": |r| r.violating_cases[0].physician_code = "x-1".into()
            => ["violating_cases[0].physician_code"],
        "bad fields of two cases": |r| {
            r.violating_cases[0].kind.clear();
            r.violating_cases[1].amount_fen = -1;
        } => ["violating_cases[0].kind", "violating_cases[1].amount_fen"],
        "no request id": |r| r.request_id.clear() => ["request_id"],
    });
}

async fn reading(officer: &mut Client, table: &mut BadRequests) {
    bad_requests!(table, officer.get_violation(pb::GetViolationRequest { name: name("violations") }), {
        "no name": |r| r.name.clear() => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
    });
    bad_requests!(table, officer.get_inspection(pb::GetInspectionRequest { name: name("inspections") }), {
        "an id that is no UUID": |r| r.name = format!("areas/{AREA}/inspections/7") => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
    });
    bad_requests!(table, officer.explain_refusal(pb::ExplainRefusalRequest { name: name("inspections") }), {
        "the name of a violation": |r| r.name = name("violations") => ["name"],
        "another area": |r| move_away(&mut r.name) => Refused::not_found(),
    });
    let list = pb::ListViolationsRequest { parent: fund_year(), ..Default::default() };
    bad_requests!(table, officer.list_violations(list), {
        "no fund year": |r| r.parent.clear() => ["parent"],
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "no institution's code": |r| r.institution_code = "x".into() => ["institution_code"],
        "less than no rows": |r| r.page_size = -1 => ["page_size"],
        "a token that nobody gave": |r| r.page_token = "ff".into() => ["page_token"],
    });
    let list = pb::ListInspectionsRequest { parent: fund_year(), ..Default::default() };
    bad_requests!(table, officer.list_inspections(list), {
        "a year in words": |r| r.parent = format!("areas/{AREA}/fundYears/next") => ["parent"],
        "another area": |r| move_away(&mut r.parent) => Refused::not_found(),
        "no institution's code": |r| r.institution_code = "x".into() => ["institution_code"],
        "less than no rows": |r| r.page_size = i32::MIN => ["page_size"],
        "a token that nobody gave": |r| r.page_token = "ff".into() => ["page_token"],
    });
}

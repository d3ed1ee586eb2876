use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::inspection_service_client::InspectionServiceClient;
use medfund_proto::auth::v1::Role;
use medfund_proto::google::r#type::Date;
use medfund_testkit::{AREA, Refusals};
use uuid::Uuid;

use crate::inspections::{confirm_inspection, confirm_violation, inspection, june, violation};
use crate::support::*;

pub(super) const RPCS: [&str; 9] = [
    "RecordViolation",
    "ConfirmViolation",
    "GetViolation",
    "ListViolations",
    "RecordInspection",
    "ConfirmInspection",
    "GetInspection",
    "ListInspections",
    "ExplainRefusal",
];

#[tokio::test(flavor = "multi_thread")]
async fn inspections_give_every_reason_that_the_protos_name() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    malformed_or_unknown(&mut refusals).await;
    before_anything_is_heard(&mut refusals).await;
    let suite = june().await;
    violations(&suite, &mut refusals).await;
    recording(&suite, &mut refusals).await;
    confirming(&suite, &mut refusals).await;
    println!("{} refusals of inspections are provoked", refusals.all_provoked());
}

async fn malformed_or_unknown(refusals: &mut Refusals) {
    let suite = Suite::deaf().await;
    let mut officer = InspectionServiceClient::new(suite.channel(OFFICER, AREA));
    let mut checker = InspectionServiceClient::new(suite.channel(CHECKER, AREA));
    refuse!(
        refusals,
        officer.record_violation(pb::RecordViolationRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(refusals, checker.confirm_violation(confirm_violation("")), InvalidArgument / "BAD_REQUEST");
    refuse!(
        refusals,
        officer.get_violation(pb::GetViolationRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        officer.list_violations(pb::ListViolationsRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        officer.record_inspection(pb::RecordInspectionRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(refusals, checker.confirm_inspection(confirm_inspection("")), InvalidArgument / "BAD_REQUEST");
    refuse!(
        refusals,
        officer.get_inspection(pb::GetInspectionRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        officer.list_inspections(pb::ListInspectionsRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        officer.explain_refusal(pb::ExplainRefusalRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );

    let get = pb::GetViolationRequest { name: name("violations") };
    refuse!(refusals, officer.get_violation(get), NotFound / "VIOLATION_NOT_FOUND");
    let unknown = confirm_violation(&name("violations"));
    refuse!(refusals, checker.confirm_violation(unknown), NotFound / "VIOLATION_NOT_FOUND");
    let get = pb::GetInspectionRequest { name: name("inspections") };
    refuse!(refusals, officer.get_inspection(get), NotFound / "INSPECTION_NOT_FOUND");
    let explain = pb::ExplainRefusalRequest { name: name("inspections") };
    refuse!(refusals, officer.explain_refusal(explain), NotFound / "INSPECTION_NOT_FOUND");
    let unknown = confirm_inspection(&name("inspections"));
    refuse!(refusals, checker.confirm_inspection(unknown), NotFound / "INSPECTION_NOT_FOUND");
}

async fn before_anything_is_heard(refusals: &mut Refusals) {
    let suite = Suite::deaf().await;
    let mut officer = InspectionServiceClient::new(suite.channel(OFFICER, AREA));
    refuse!(refusals, officer.record_violation(violation()), NotFound / "INSTITUTION_NOT_FOUND");
    refuse!(refusals, officer.record_inspection(inspection()), NotFound / "INSTITUTION_NOT_FOUND");
    suite.admitted(HOSPITAL).await;
    refuse!(refusals, officer.record_violation(violation()), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    refuse!(refusals, officer.record_inspection(inspection()), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    suite.open_year(2017).await;
    refuse!(refusals, officer.record_violation(violation()), FailedPrecondition / "CALENDAR_NOT_OPEN");
    refuse!(refusals, officer.record_inspection(inspection()), FailedPrecondition / "CALENDAR_NOT_OPEN");
}

async fn violations(suite: &Suite, refusals: &mut Refusals) {
    let li = |role| InspectionServiceClient::new(suite.service.as_person("li", role));
    let (mut officer, mut same) = (li(Role::AgencyOfficer), li(Role::AgencyChecker));
    let luck = pb::RecordViolationRequest { kind: "luck".into(), ..violation() };
    refuse!(refusals, officer.record_violation(luck), FailedPrecondition / "UNKNOWN_VIOLATION_KIND");
    let on = |year, month, day| {
        let occur_date = Some(Date { year, month, day });
        pb::RecordViolationRequest { occur_date, ..violation() }
    };
    refuse!(refusals, officer.record_violation(on(2017, 6, 21)), FailedPrecondition / "DATE_IN_FUTURE");
    refuse!(
        refusals,
        officer.record_violation(on(2016, 12, 31)),
        FailedPrecondition / "DATE_OUTSIDE_FUND_YEAR"
    );
    let good = violation();
    officer.record_violation(good.clone()).await.unwrap();
    let taken = pb::RecordViolationRequest { request_id: id(), ..good.clone() };
    refuse!(refusals, officer.record_violation(taken), AlreadyExists / "VIOLATION_EXISTS");

    let confirm = || confirm_violation(&good.name);
    refuse!(refusals, same.confirm_violation(confirm()), PermissionDenied / "SAME_PERSON");
    let mut checker = InspectionServiceClient::new(suite.channel(CHECKER, AREA));
    checker.confirm_violation(confirm()).await.unwrap();
    refuse!(
        refusals,
        checker.confirm_violation(confirm()),
        FailedPrecondition / "VIOLATION_ALREADY_CONFIRMED"
    );
}

async fn recording(suite: &Suite, refusals: &mut Refusals) {
    let mut officer = InspectionServiceClient::new(suite.channel(OFFICER, AREA));
    let changed = |change: fn(&mut pb::RecordInspectionRequest)| {
        let mut request = inspection();
        change(&mut request);
        request
    };
    let line = changed(|r| r.fund_line = "nrcms".into());
    refuse!(refusals, officer.record_inspection(line), FailedPrecondition / "UNKNOWN_FUND_LINE");
    let luck = changed(|r| r.violating_cases[0].kind = "luck".into());
    refuse!(refusals, officer.record_inspection(luck), FailedPrecondition / "UNKNOWN_VIOLATION_KIND");
    let july = changed(|r| r.settlement_month = Some(Date { year: 2017, month: 7, day: 0 }));
    refuse!(refusals, officer.record_inspection(july), FailedPrecondition / "DATE_IN_FUTURE");
    let before = changed(|r| r.settlement_month = Some(Date { year: 2016, month: 12, day: 0 }));
    refuse!(refusals, officer.record_inspection(before), FailedPrecondition / "DATE_OUTSIDE_FUND_YEAR");
    let small = changed(|r| (r.n_population, r.n_sample) = (1_000_000, 2));
    refuse!(refusals, officer.record_inspection(small), FailedPrecondition / "SAMPLE_TOO_SMALL");
    let large = changed(|r| r.violating_cases[0].amount_fen = i64::MAX);
    refuse!(refusals, officer.record_inspection(large), FailedPrecondition / "AMOUNT_OUT_OF_RANGE");
    let good = inspection();
    officer.record_inspection(good.clone()).await.unwrap();
    let taken = pb::RecordInspectionRequest { request_id: id(), ..good };
    refuse!(refusals, officer.record_inspection(taken), AlreadyExists / "INSPECTION_EXISTS");
}

async fn confirming(suite: &Suite, refusals: &mut Refusals) {
    let li = |role| InspectionServiceClient::new(suite.service.as_person("li", role));
    let (mut officer, mut same) = (li(Role::AgencyOfficer), li(Role::AgencyChecker));
    let mut checker = InspectionServiceClient::new(suite.channel(CHECKER, AREA));
    let [first, second, third] = [inspection(), inspection(), inspection()];
    for request in [&first, &second, &third] {
        officer.record_inspection(request.clone()).await.unwrap();
    }
    let confirm = |request: &pb::RecordInspectionRequest| confirm_inspection(&request.name);
    refuse!(refusals, same.confirm_inspection(confirm(&first)), PermissionDenied / "SAME_PERSON");

    // Somebody took the name that the violation of the third inspection's first case would get.
    let of_third: Uuid = third.name.rsplit('/').next().unwrap().parse().unwrap();
    let of_case = Uuid::new_v5(&of_third, third.violating_cases[0].case_id.as_bytes());
    let taken =
        pb::RecordViolationRequest { name: format!("areas/{AREA}/violations/{of_case}"), ..violation() };
    officer.record_violation(taken).await.unwrap();
    refuse!(refusals, checker.confirm_inspection(confirm(&third)), AlreadyExists / "VIOLATION_EXISTS");

    checker.confirm_inspection(confirm(&first)).await.unwrap();
    refuse!(
        refusals,
        checker.confirm_inspection(confirm(&first)),
        FailedPrecondition / "INSPECTION_ALREADY_CONFIRMED"
    );
    refuse!(
        refusals,
        checker.confirm_inspection(confirm(&second)),
        FailedPrecondition / "MONTH_ALREADY_INSPECTED"
    );
}

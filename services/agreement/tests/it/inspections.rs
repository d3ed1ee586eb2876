use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::inspection_service_client::InspectionServiceClient;
use medfund_proto::auth::v1::Role;
use medfund_proto::derivation::v1::Operation;
use medfund_proto::google::r#type::Date;
use medfund_testkit::{AREA, TestChannel};
use tonic::Code;

use crate::support::*;

type Client = InspectionServiceClient<TestChannel>;

pub(crate) fn violation() -> pb::RecordViolationRequest {
    pb::RecordViolationRequest {
        name: name("violations"),
        fund_year: 2017,
        institution_code: HOSPITAL.into(),
        kind: "split_admission".into(),
        occur_date: Some(Date { year: 2017, month: 3, day: 8 }),
        amount_fen: 120_000,
        physician_code: "D440703000011".into(),
        reference: "稽核〔2017〕3号".into(),
        request_id: id(),
    }
}

pub(crate) fn confirm_violation(name: &str) -> pb::ConfirmViolationRequest {
    pb::ConfirmViolationRequest { name: name.into(), request_id: id() }
}

fn case(case_id: &str, amount_fen: i64) -> pb::ViolatingCase {
    pb::ViolatingCase {
        case_id: case_id.into(),
        kind: "split_admission".into(),
        amount_fen,
        physician_code: "D440703000011".into(),
    }
}

pub(crate) fn inspection() -> pb::RecordInspectionRequest {
    pb::RecordInspectionRequest {
        name: name("inspections"),
        fund_year: 2017,
        fund_line: "employee".into(),
        institution_code: HOSPITAL.into(),
        settlement_month: Some(Date { year: 2017, month: 5, day: 0 }),
        n_population: 300,
        n_sample: 30,
        violating_cases: vec![case("S1", 100_000), case("S2", 23_456)],
        request_id: id(),
    }
}

pub(crate) fn confirm_inspection(name: &str) -> pb::ConfirmInspectionRequest {
    pb::ConfirmInspectionRequest { name: name.into(), request_id: id() }
}

fn client(suite: &Suite, person: Person) -> Client {
    Client::new(suite.channel(person, AREA))
}

fn li(suite: &Suite, role: Role) -> Client {
    Client::new(suite.service.as_person("li", role))
}

/// An admitted hospital, on 20 June 2017.
pub(crate) async fn june() -> Suite {
    let suite = Suite::open().await;
    suite.date(2017, 6, 20).await;
    suite.admitted(HOSPITAL).await;
    suite
}

/// A violation of the hospital that counts.
pub(crate) async fn confirmed_violation(suite: &Suite) {
    let request = violation();
    client(suite, OFFICER).record_violation(request.clone()).await.unwrap();
    client(suite, CHECKER).confirm_violation(confirm_violation(&request.name)).await.unwrap();
}

fn of_year(institution_code: &str, page_size: i32, page_token: String) -> pb::ListViolationsRequest {
    let parent = format!("areas/{AREA}/fundYears/2017");
    pb::ListViolationsRequest { parent, institution_code: institution_code.into(), page_size, page_token }
}

#[tokio::test]
async fn a_finding_is_enlarged_refused_and_counts_as_violations() {
    let suite = june().await;
    let made = client(&suite, OFFICER).record_inspection(inspection()).await.unwrap().into_inner();
    let made = made.inspection.unwrap();
    assert_eq!((made.sample_violating_fen, made.refused_fen), (123_456, 1_234_560));
    assert_eq!(made.sampling_rate, "0.1");
    assert!(suite.announced::<pb::RefusalConfirmed>().await.is_empty());

    client(&suite, CHECKER).confirm_inspection(confirm_inspection(&made.name)).await.unwrap();

    let announced = suite.announced::<pb::RefusalConfirmed>().await;
    assert_eq!((announced.len(), announced[0].refused_fen), (1, 1_234_560));
    assert_eq!(announced[0].settlement_month, Some(Date { year: 2017, month: 5, day: 0 }));
    let mut officer = client(&suite, OFFICER);
    let first = officer.list_violations(of_year(HOSPITAL, 1, String::new())).await.unwrap().into_inner();
    let second =
        officer.list_violations(of_year(HOSPITAL, 1, first.next_page_token)).await.unwrap().into_inner();
    assert_eq!(second.next_page_token, "");
    for found in [&first.violations[0], &second.violations[0]] {
        assert_eq!(
            (found.inspection.as_str(), found.state()),
            (made.name.as_str(), pb::violation::State::Confirmed)
        );
    }
}

#[tokio::test]
async fn a_refused_amount_explains_itself() {
    let suite = june().await;
    let made = client(&suite, OFFICER).record_inspection(inspection()).await.unwrap().into_inner();
    let name = made.inspection.unwrap().name;

    let mut hospital = client(&suite, Person::Institution(HOSPITAL));
    let explained = hospital.explain_refusal(pb::ExplainRefusalRequest { name: name.clone() }).await.unwrap();

    let derivation = explained.into_inner().derivation.unwrap();
    assert_eq!((derivation.policy_pack.as_str(), derivation.policy_hash.len()), ("jiangmen-2016", 64));
    let root = derivation.root.unwrap();
    assert_eq!((root.value.as_str(), root.operation()), ("1234560", Operation::Quotient));
    // The violating amount times the population, divided by the sample.
    assert_eq!((root.inputs[0].value.as_str(), root.inputs[0].operation()), ("37036800", Operation::Product));
    assert_eq!(root.inputs[1].value, "30");
    assert!(root.clause.contains("四(五)"), "{}", root.clause);
    let mut clinic = client(&suite, Person::Institution(CLINIC));
    let stranger = clinic.explain_refusal(pb::ExplainRefusalRequest { name: name.clone() }).await;
    refused(stranger, Code::NotFound, "INSPECTION_NOT_FOUND");
    let stranger = clinic.get_inspection(pb::GetInspectionRequest { name }).await;
    refused(stranger, Code::NotFound, "INSPECTION_NOT_FOUND");
}

#[tokio::test]
async fn an_inspection_is_confirmed_once_by_another_person_and_a_month_has_one() {
    let suite = june().await;
    let (first, second) = (inspection(), inspection());
    for request in [&first, &second] {
        li(&suite, Role::AgencyOfficer).record_inspection(request.clone()).await.unwrap();
    }
    let same = li(&suite, Role::AgencyChecker).confirm_inspection(confirm_inspection(&first.name)).await;
    refused(same, Code::PermissionDenied, "SAME_PERSON");
    let mut checker = client(&suite, CHECKER);
    checker.confirm_inspection(confirm_inspection(&first.name)).await.unwrap();
    let again = checker.confirm_inspection(confirm_inspection(&first.name)).await;
    refused(again, Code::FailedPrecondition, "INSPECTION_ALREADY_CONFIRMED");
    let other = checker.confirm_inspection(confirm_inspection(&second.name)).await;
    let metadata = refused(other, Code::FailedPrecondition, "MONTH_ALREADY_INSPECTED");
    assert!(first.name.ends_with(&metadata["inspection"]));
    let unknown = checker.confirm_inspection(confirm_inspection(&name("inspections"))).await;
    refused(unknown, Code::NotFound, "INSPECTION_NOT_FOUND");

    let request = pb::ListInspectionsRequest {
        parent: format!("areas/{AREA}/fundYears/2017"),
        page_size: 1,
        ..Default::default()
    };
    let page = client(&suite, OFFICER).list_inspections(request).await.unwrap().into_inner();
    assert_eq!((page.inspections.len(), page.next_page_token.is_empty()), (1, false));
}

#[tokio::test]
async fn two_checkers_who_confirm_a_month_at_once_do_not_both_succeed() {
    let suite = june().await;
    let (first, second) = (inspection(), inspection());
    for request in [&first, &second] {
        client(&suite, OFFICER).record_inspection(request.clone()).await.unwrap();
    }
    let (mut one, mut two) = (client(&suite, CHECKER), client(&suite, CHECKER));
    let (one, two) = tokio::join!(
        one.confirm_inspection(confirm_inspection(&first.name)),
        two.confirm_inspection(confirm_inspection(&second.name)),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert_eq!(suite.announced::<pb::RefusalConfirmed>().await.len(), 1);
}

#[tokio::test]
async fn a_violation_is_confirmed_once_by_another_person() {
    let suite = june().await;
    let request = violation();
    li(&suite, Role::AgencyOfficer).record_violation(request.clone()).await.unwrap();
    let same = li(&suite, Role::AgencyChecker).confirm_violation(confirm_violation(&request.name)).await;
    refused(same, Code::PermissionDenied, "SAME_PERSON");
    let mut checker = client(&suite, CHECKER);
    checker.confirm_violation(confirm_violation(&request.name)).await.unwrap();
    let again = checker.confirm_violation(confirm_violation(&request.name)).await;
    refused(again, Code::FailedPrecondition, "VIOLATION_ALREADY_CONFIRMED");
    let unknown = checker.confirm_violation(confirm_violation(&name("violations"))).await;
    refused(unknown, Code::NotFound, "VIOLATION_NOT_FOUND");

    let get = pb::GetViolationRequest { name: request.name.clone() };
    let mut hospital = client(&suite, Person::Institution(HOSPITAL));
    let own = hospital.get_violation(get.clone()).await.unwrap().into_inner().violation.unwrap();
    assert_eq!((own.amount_fen, own.physician_code.as_str()), (120_000, "D440703000011"));
    let other = client(&suite, Person::Institution(CLINIC)).get_violation(get).await;
    refused(other, Code::NotFound, "VIOLATION_NOT_FOUND");
}

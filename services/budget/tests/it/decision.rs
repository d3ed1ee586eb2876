use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::decision::State;
use medfund_proto::budget::v1::decision_service_client::DecisionServiceClient;
use tonic::Code;
use uuid::Uuid;

use super::support::{AREA, Budget, DISTRICT, YEAR, bad_fields, date, expect_refusal, record, request_id};

fn confirm(name: &str) -> pb::ConfirmDecisionRequest {
    pb::ConfirmDecisionRequest { name: name.to_owned(), request_id: request_id() }
}

async fn started() -> Budget {
    let service = Budget::start().await;
    service.given_fund_year(&[DISTRICT]).await;
    service
}

#[tokio::test]
async fn one_person_records_a_decision_and_another_confirms_it() {
    let service = started().await;
    let request = record();
    let recorded = service.decision(Role::MeetingSecretary).record_decision(request.clone()).await.unwrap();
    assert_eq!(recorded.into_inner().decision.unwrap().state(), State::Recorded);

    let confirmed =
        service.decision(Role::AgencyChecker).confirm_decision(confirm(&request.name)).await.unwrap();

    let confirmed = confirmed.into_inner().decision.unwrap();
    assert_eq!(confirmed.state(), State::Confirmed);
    let get = pb::GetDecisionRequest { name: request.name.clone() };
    let found =
        service.decision(Role::Auditor).get_decision(get).await.unwrap().into_inner().decision.unwrap();
    assert_eq!(found, confirmed);
    let twice = service.decision(Role::AgencyChecker).confirm_decision(confirm(&request.name)).await;
    expect_refusal(twice, Code::FailedPrecondition, "DECISION_ALREADY_CONFIRMED");
}

#[tokio::test]
async fn who_entered_a_decision_cannot_confirm_it() {
    let service = started().await;
    let mut secretary = service.decision(Role::MeetingSecretary);
    let request = record();
    secretary.record_decision(request.clone()).await.unwrap();
    let refused = secretary.confirm_decision(confirm(&request.name)).await;
    expect_refusal(refused, Code::PermissionDenied, "SAME_PERSON");
}

#[tokio::test]
async fn repeated_calls_get_the_first_answers_and_reused_ids_are_refused() {
    let service = started().await;
    let mut secretary = service.decision(Role::MeetingSecretary);
    let mut checker = service.decision(Role::AgencyChecker);
    let request = record();
    let recorded = secretary.record_decision(request.clone()).await.unwrap().into_inner();
    let confirmation = confirm(&request.name);
    let confirmed = checker.confirm_decision(confirmation.clone()).await.unwrap().into_inner();
    let other = record();
    secretary.record_decision(other.clone()).await.unwrap();

    assert_eq!(secretary.record_decision(request.clone()).await.unwrap().into_inner(), recorded);
    assert_eq!(checker.confirm_decision(confirmation.clone()).await.unwrap().into_inner(), confirmed);

    let reused = pb::RecordDecisionRequest { approved: false, ..request.clone() };
    expect_refusal(secretary.record_decision(reused).await, Code::InvalidArgument, "REQUEST_ID_REUSED");
    let reused = pb::ConfirmDecisionRequest { name: other.name, ..confirmation };
    expect_refusal(checker.confirm_decision(reused).await, Code::InvalidArgument, "REQUEST_ID_REUSED");
    let taken = pb::RecordDecisionRequest { request_id: request_id(), ..request };
    expect_refusal(secretary.record_decision(taken).await, Code::AlreadyExists, "DECISION_EXISTS");
}

#[tokio::test]
async fn a_record_is_held_against_pack_calendar_and_votes() {
    let service = started().await;
    let cases = [
        (pb::RecordDecisionRequest { fund_year: 2018, ..record() }, "FUND_YEAR_NOT_OPEN"),
        (pb::RecordDecisionRequest { matter: "weather".to_owned(), ..record() }, "UNKNOWN_MATTER"),
        (pb::RecordDecisionRequest { matter: "bundle".to_owned(), ..record() }, "UNKNOWN_MATTER"),
        (pb::RecordDecisionRequest { body: "city_joint_meeting".to_owned(), ..record() }, "WRONG_BODY"),
        (pb::RecordDecisionRequest { district: "440704".to_owned(), ..record() }, "UNKNOWN_DISTRICT"),
        (pb::RecordDecisionRequest { district: String::new(), ..record() }, "UNKNOWN_DISTRICT"),
        (pb::RecordDecisionRequest { meeting_date: date(2016, 11, 2), ..record() }, "MEETING_IN_FUTURE"),
        (pb::RecordDecisionRequest { n_votes_against: 1, ..record() }, "VOTES_DISAGREE"),
        (pb::RecordDecisionRequest { approved: false, ..record() }, "VOTES_DISAGREE"),
    ];
    for (request, reason) in cases {
        let refused = service.decision(Role::MeetingSecretary).record_decision(request).await;
        expect_refusal(refused, Code::FailedPrecondition, reason);
    }
}

#[tokio::test]
async fn every_bad_field_of_a_record_is_named() {
    let service = started().await;
    let bad = pb::RecordDecisionRequest {
        name: format!("areas/{AREA}/decisions/7"),
        body: String::new(),
        matter: " ".to_owned(),
        district: "4407".to_owned(),
        fund_year: 17,
        meeting_date: date(2016, 13, 1),
        members_present: vec!["人社局".to_owned(), String::new()],
        n_votes_for: -1,
        minutes_reference: String::new(),
        request_id: "x".to_owned(),
        ..record()
    };
    let fields = bad_fields(service.decision(Role::MeetingSecretary).record_decision(bad).await);
    let expected = [
        "name",
        "request_id",
        "body",
        "matter",
        "district",
        "fund_year",
        "meeting_date",
        "members_present[1]",
        "n_votes_for",
        "minutes_reference",
    ];
    assert_eq!(fields, expected);
}

#[tokio::test]
async fn decisions_are_listed_page_by_page() {
    let service = started().await;
    let mut secretary = service.decision(Role::MeetingSecretary);
    let mut names = Vec::new();
    for _ in 0..3 {
        let request = record();
        names.push(request.name.clone());
        secretary.record_decision(request).await.unwrap();
    }
    names.sort();
    let (mut listed, mut token) = (Vec::new(), String::new());
    loop {
        let request = pb::ListDecisionsRequest { parent: YEAR.to_owned(), page_size: 2, page_token: token };
        let page = secretary.list_decisions(request).await.unwrap().into_inner();
        listed.extend(page.decisions.into_iter().map(|decision| decision.name));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(listed, names);
    let bad = pb::ListDecisionsRequest { parent: YEAR.to_owned(), page_size: -1, page_token: String::new() };
    expect_refusal(secretary.list_decisions(bad).await, Code::InvalidArgument, "BAD_REQUEST");
}

#[tokio::test]
async fn another_areas_decision_is_not_found() {
    let service = started().await;
    let request = record();
    service.decision(Role::MeetingSecretary).record_decision(request.clone()).await.unwrap();
    let mut other = DecisionServiceClient::new(service.0.as_role_in("440800", Role::MeetingSecretary));
    let get = other.get_decision(pb::GetDecisionRequest { name: request.name.clone() }).await;
    expect_refusal(get, Code::NotFound, "RESOURCE_NOT_FOUND");
    let confirmed = other.confirm_decision(confirm(&request.name)).await;
    expect_refusal(confirmed, Code::NotFound, "RESOURCE_NOT_FOUND");
    let own = request.name.replace("440700", "440800");
    expect_refusal(other.confirm_decision(confirm(&own)).await, Code::NotFound, "DECISION_NOT_FOUND");
    let get = other.get_decision(pb::GetDecisionRequest { name: own }).await;
    expect_refusal(get, Code::NotFound, "DECISION_NOT_FOUND");
    let recorded = pb::RecordDecisionRequest {
        name: format!("areas/{AREA}/decisions/{}", Uuid::new_v4()),
        request_id: request_id(),
        ..request
    };
    expect_refusal(other.record_decision(recorded).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    let list = pb::ListDecisionsRequest { parent: YEAR.to_owned(), page_size: 0, page_token: String::new() };
    expect_refusal(other.list_decisions(list).await, Code::NotFound, "RESOURCE_NOT_FOUND");
}

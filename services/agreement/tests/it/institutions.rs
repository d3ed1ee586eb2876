use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::institution::State;
use medfund_proto::agreement::v1::institution_change::Kind;
use medfund_proto::google::r#type::Date;
use medfund_testkit::AREA;
use tonic::Code;

use crate::support::*;

pub(crate) fn change(kind: Kind) -> pb::ProposeInstitutionChangeRequest {
    pb::ProposeInstitutionChangeRequest {
        name: format!("{}/changes/{}", institution(HOSPITAL), id()),
        kind: kind.into(),
        suspended_through_date: None,
        profile: None,
        reason: "整改".into(),
        request_id: id(),
    }
}

fn suspend(year: i32, month: i32, day: i32) -> pb::ProposeInstitutionChangeRequest {
    let suspended_through_date = Some(Date { year, month, day });
    pb::ProposeInstitutionChangeRequest { suspended_through_date, ..change(Kind::Suspend) }
}

pub(crate) fn confirm(name: &str) -> pb::ConfirmInstitutionChangeRequest {
    pb::ConfirmInstitutionChangeRequest { name: name.into(), request_id: id() }
}

fn get(code: &str) -> pb::GetInstitutionRequest {
    pb::GetInstitutionRequest { name: institution(code) }
}

async fn confirmed(suite: &Suite, request: pb::ProposeInstitutionChangeRequest) -> pb::Institution {
    let name = request.name.clone();
    suite.institutions(OFFICER).propose_institution_change(request).await.unwrap();
    let answer = suite.institutions(CHECKER).confirm_institution_change(confirm(&name)).await.unwrap();
    answer.into_inner().institution.unwrap()
}

async fn state(suite: &Suite) -> State {
    let answer = suite.institutions(OFFICER).get_institution(get(HOSPITAL)).await.unwrap();
    answer.into_inner().institution.unwrap().state()
}

#[tokio::test]
async fn an_institution_is_admitted_by_two_people_and_announced() {
    let suite = Suite::deaf().await;
    let mut officer = suite.institutions(OFFICER);
    officer.create_institution(create(HOSPITAL)).await.unwrap();
    refused(officer.create_institution(create(HOSPITAL)).await, Code::AlreadyExists, "INSTITUTION_EXISTS");
    let early = suite.institutions(CHECKER).admit_institution(admit(HOSPITAL)).await;
    let metadata = refused(early, Code::FailedPrecondition, "INSTITUTION_STATE");
    assert_eq!(metadata["state"], "applied");

    officer.evaluate_institution(evaluate(HOSPITAL)).await.unwrap();
    let twice = officer.evaluate_institution(evaluate(HOSPITAL)).await;
    refused(twice, Code::FailedPrecondition, "INSTITUTION_STATE");
    let admitted = suite.institutions(CHECKER).admit_institution(admit(HOSPITAL)).await.unwrap();

    let admitted = admitted.into_inner().institution.unwrap();
    assert_eq!((admitted.state(), admitted.profile), (State::Admitted, Some(profile())));
    let announced = suite.announced::<pb::InstitutionChanged>().await;
    assert_eq!(announced.len(), 1);
    assert!(announced[0].active && !announced[0].primary);
}

#[tokio::test]
async fn who_evaluated_does_not_admit() {
    let suite = Suite::deaf().await;
    suite.institutions(OFFICER).create_institution(create(HOSPITAL)).await.unwrap();
    let role = medfund_proto::auth::v1::Role::AgencyOfficer;
    let same = |role| {
        pb::institution_service_client::InstitutionServiceClient::new(suite.service.as_person("li", role))
    };
    same(role).evaluate_institution(evaluate(HOSPITAL)).await.unwrap();

    let answer = same(medfund_proto::auth::v1::Role::AgencyChecker).admit_institution(admit(HOSPITAL)).await;

    refused(answer, Code::PermissionDenied, "SAME_PERSON");
}

#[tokio::test]
async fn a_suspension_ends_by_itself_after_its_last_day() {
    let suite = Suite::open().await;
    suite.admitted(HOSPITAL).await;
    let suspended = confirmed(&suite, suspend(2017, 1, 31)).await;
    assert_eq!(suspended.state(), State::Suspended);

    suite.date(2017, 1, 31).await;
    assert_eq!(state(&suite).await, State::Suspended);
    suite.date(2017, 2, 1).await;
    assert_eq!(state(&suite).await, State::Admitted);

    let active: Vec<bool> =
        suite.announced::<pb::InstitutionChanged>().await.into_iter().map(|event| event.active).collect();
    assert_eq!(active, [true, false, true]);
}

#[tokio::test]
async fn a_suspension_can_be_ended_and_who_left_stays_away() {
    let suite = Suite::open().await;
    suite.admitted(HOSPITAL).await;
    confirmed(&suite, suspend(2017, 1, 31)).await;
    assert_eq!(confirmed(&suite, change(Kind::Resume)).await.state(), State::Admitted);
    assert_eq!(confirmed(&suite, change(Kind::Exit)).await.state(), State::Exited);

    let again = suite.institutions(OFFICER).propose_institution_change(change(Kind::Resume)).await;
    assert_eq!(refused(again, Code::FailedPrecondition, "INSTITUTION_STATE")["state"], "exited");
}

#[tokio::test]
async fn a_profile_changes_when_it_is_confirmed() {
    let suite = Suite::open().await;
    suite.admitted(HOSPITAL).await;
    let renamed = pb::InstitutionProfile { display_name: "江门市第一医院".into(), ..profile() };
    let request = pb::ProposeInstitutionChangeRequest { profile: Some(renamed), ..change(Kind::Profile) };

    let changed = confirmed(&suite, request).await;

    assert_eq!(changed.profile.unwrap().display_name, "江门市第一医院");
}

#[tokio::test]
async fn a_change_is_refused_with_its_reason() {
    let suite = Suite::open().await;
    suite.admitted(HOSPITAL).await;
    let mut officer = suite.institutions(OFFICER);
    let past = officer.propose_institution_change(suspend(2016, 11, 14)).await;
    let metadata = refused(past, Code::FailedPrecondition, "SUSPENSION_IN_PAST");
    assert_eq!(metadata["business_date"], "2016-11-15");

    let request = change(Kind::Exit);
    officer.propose_institution_change(request.clone()).await.unwrap();
    let taken = pb::ProposeInstitutionChangeRequest { request_id: id(), ..request.clone() };
    refused(officer.propose_institution_change(taken).await, Code::AlreadyExists, "CHANGE_EXISTS");
    let nobody = pb::ProposeInstitutionChangeRequest {
        name: format!("{}/changes/{}", institution(CLINIC), id()),
        ..change(Kind::Exit)
    };
    refused(officer.propose_institution_change(nobody).await, Code::NotFound, "INSTITUTION_NOT_FOUND");

    let mut checker = suite.institutions(CHECKER);
    let unknown = confirm(&format!("{}/changes/{}", institution(HOSPITAL), id()));
    refused(checker.confirm_institution_change(unknown).await, Code::NotFound, "CHANGE_NOT_FOUND");
    checker.confirm_institution_change(confirm(&request.name)).await.unwrap();
    let twice = checker.confirm_institution_change(confirm(&request.name)).await;
    refused(twice, Code::FailedPrecondition, "CHANGE_ALREADY_CONFIRMED");
}

#[tokio::test]
async fn a_maker_does_not_confirm_its_own_change() {
    let suite = Suite::open().await;
    suite.admitted(HOSPITAL).await;
    use medfund_proto::auth::v1::Role;
    let same = |role| {
        pb::institution_service_client::InstitutionServiceClient::new(suite.service.as_person("li", role))
    };
    let request = change(Kind::Exit);
    same(Role::AgencyOfficer).propose_institution_change(request.clone()).await.unwrap();

    let answer = same(Role::AgencyChecker).confirm_institution_change(confirm(&request.name)).await;

    refused(answer, Code::PermissionDenied, "SAME_PERSON");
}

#[tokio::test]
async fn nothing_is_suspended_before_the_calendar_is_open() {
    let suite = Suite::deaf().await;
    suite.admitted(HOSPITAL).await;
    let answer = suite.institutions(OFFICER).propose_institution_change(change(Kind::Exit)).await;
    refused(answer, Code::FailedPrecondition, "CALENDAR_NOT_OPEN");
}

#[tokio::test]
async fn institutions_are_listed_in_pages_and_an_institution_sees_itself() {
    let suite = Suite::deaf().await;
    suite.admitted(HOSPITAL).await;
    suite.admitted(CLINIC).await;
    let request = |page_token| pb::ListInstitutionsRequest {
        parent: format!("areas/{AREA}"),
        district: DISTRICT.into(),
        page_size: 1,
        page_token,
    };
    let mut officer = suite.institutions(OFFICER);
    let first = officer.list_institutions(request(String::new())).await.unwrap().into_inner();
    let second = officer.list_institutions(request(first.next_page_token)).await.unwrap().into_inner();
    let codes = [&first.institutions[0], &second.institutions[0]].map(|i| i.institution_code.as_str());
    assert_eq!((codes, second.next_page_token.as_str()), ([HOSPITAL, CLINIC], ""));

    let mut clinic = suite.institutions(Person::Institution(CLINIC));
    let own = clinic.list_institutions(request(String::new())).await.unwrap().into_inner().institutions;
    assert_eq!(own.len(), 1);
    assert!(clinic.get_institution(get(CLINIC)).await.is_ok());
    refused(clinic.get_institution(get(HOSPITAL)).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    let unknown = officer.get_institution(get("H44070300009")).await;
    refused(unknown, Code::NotFound, "INSTITUTION_NOT_FOUND");
    let changes = pb::ListInstitutionChangesRequest { parent: institution(HOSPITAL), ..Default::default() };
    assert!(officer.list_institution_changes(changes).await.unwrap().into_inner().changes.is_empty());
}

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

pub(crate) fn suspend(year: i32, month: i32, day: i32) -> pb::ProposeInstitutionChangeRequest {
    let suspended_through_date = Some(Date { year, month, day });
    pb::ProposeInstitutionChangeRequest { suspended_through_date, ..change(Kind::Suspend) }
}

pub(crate) fn confirm(name: &str) -> pb::ConfirmInstitutionChangeRequest {
    pb::ConfirmInstitutionChangeRequest { name: name.into(), request_id: id() }
}

/// The same change of another institution.
pub(crate) fn of(
    change: pb::ProposeInstitutionChangeRequest,
    code: &str,
) -> pb::ProposeInstitutionChangeRequest {
    pb::ProposeInstitutionChangeRequest { name: change.name.replace(HOSPITAL, code), ..change }
}

fn get(code: &str) -> pb::GetInstitutionRequest {
    pb::GetInstitutionRequest { name: institution(code) }
}

pub(crate) async fn confirmed(
    suite: &Suite,
    request: pb::ProposeInstitutionChangeRequest,
) -> pb::Institution {
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

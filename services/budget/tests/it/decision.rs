use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::budget::v1::decision::State;

use super::support::{Budget, DISTRICT, YEAR, record, request_id};

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

    let confirm = pb::ConfirmDecisionRequest { name: request.name.clone(), request_id: request_id() };
    let confirmed = service.decision(Role::AgencyChecker).confirm_decision(confirm).await.unwrap();

    let confirmed = confirmed.into_inner().decision.unwrap();
    assert_eq!(confirmed.state(), State::Confirmed);
    let get = pb::GetDecisionRequest { name: request.name.clone() };
    let found =
        service.decision(Role::Auditor).get_decision(get).await.unwrap().into_inner().decision.unwrap();
    assert_eq!(found, confirmed);
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
}

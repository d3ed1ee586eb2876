use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_testkit::Refusals;
use tonic::Code;

use super::{BAD, PRECONDITION};
use crate::requests::decision_name;
use crate::support::{Budget, DISTRICT, PACKAGE, YEAR, date, record, request_id};

pub(super) const RPCS: [&str; 4] = ["RecordDecision", "ConfirmDecision", "GetDecision", "ListDecisions"];

#[tokio::test]
async fn decisions_are_refused_as_documented() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    let service = Budget::start().await;
    service.given_fund_year(&[DISTRICT]).await;
    let mut secretary = service.decision(Role::MeetingSecretary);
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
        refusals.expect("record_decision", secretary.record_decision(request).await, PRECONDITION, reason);
    }
    let taken = record();
    secretary.record_decision(taken.clone()).await.unwrap();
    let again = pb::RecordDecisionRequest { request_id: request_id(), ..taken.clone() };
    let answer = secretary.record_decision(again).await;
    refusals.expect("record_decision", answer, Code::AlreadyExists, "DECISION_EXISTS");

    let confirm = |name: &str| pb::ConfirmDecisionRequest { name: name.to_owned(), request_id: request_id() };
    let answer = secretary.confirm_decision(confirm(&decision_name())).await;
    refusals.expect("confirm_decision", answer, Code::NotFound, "DECISION_NOT_FOUND");
    let answer = secretary.confirm_decision(confirm(&taken.name)).await;
    refusals.expect("confirm_decision", answer, Code::PermissionDenied, "SAME_PERSON");
    let mut checker = service.decision(Role::AgencyChecker);
    checker.confirm_decision(confirm(&taken.name)).await.unwrap();
    let answer = checker.confirm_decision(confirm(&taken.name)).await;
    refusals.expect("confirm_decision", answer, PRECONDITION, "DECISION_ALREADY_CONFIRMED");

    let answer = checker.get_decision(pb::GetDecisionRequest { name: decision_name() }).await;
    refusals.expect("get_decision", answer, Code::NotFound, "DECISION_NOT_FOUND");
    let list = pb::ListDecisionsRequest { parent: YEAR.to_owned(), page_size: -1, ..Default::default() };
    refusals.expect("list_decisions", checker.list_decisions(list).await, BAD.0, BAD.1);
    refusals.all_provoked();
}

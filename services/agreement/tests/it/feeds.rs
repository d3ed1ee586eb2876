use medfund_proto::agreement::v1 as pb;
use medfund_proto::budget::v1 as budget;
use medfund_proto::types::v1::PaymentMethod;
use medfund_testkit::AREA;
use tonic::Code;

use crate::support::*;

#[tokio::test]
async fn nothing_is_agreed_on_before_the_fund_year_is_heard_of() {
    let suite = Suite::deaf().await;
    suite.admitted(HOSPITAL).await;
    let early = suite.agreements(OFFICER).draft_agreement(draft()).await;
    refused(early, Code::FailedPrecondition, "FUND_YEAR_NOT_OPEN");
    suite.open_year(2017).await;
    let early = suite.agreements(OFFICER).draft_agreement(draft()).await;
    refused(early, Code::FailedPrecondition, "CALENDAR_NOT_OPEN");

    suite.date(2016, 11, 15).await;
    let request = suite.method(PaymentMethod::AverageQuota, 2017, suite.decision(2017).await);
    suite.agreements(OFFICER).set_inpatient_method(request).await.unwrap();

    suite.agreements(OFFICER).draft_agreement(draft()).await.unwrap();
}

#[tokio::test]
async fn what_another_area_decided_is_unknown_here() {
    let suite = Suite::open().await;
    let decision = name("decisions");
    let event = budget::DecisionRecorded {
        decision: decision.replace(AREA, OTHER_AREA),
        body: "joint_meeting".into(),
        matter: "inpatient_method".into(),
        fund_year: 2017,
        approved: true,
        meeting_date: Some(medfund_proto::google::r#type::Date { year: 2016, month: 11, day: 1 }),
        ..Default::default()
    };
    suite.budget.emit(OTHER_AREA, &event).await;
    suite.heard().await;

    let request = suite.method(PaymentMethod::AverageQuota, 2017, decision);
    let answer = suite.agreements(OFFICER).set_inpatient_method(request).await;

    refused(answer, Code::FailedPrecondition, "DECISION_UNKNOWN");
}

#[tokio::test]
async fn a_service_that_was_killed_hears_the_rest_and_announces_nothing_twice() {
    let mut suite = Suite::open().await;
    suite.admitted(HOSPITAL).await;
    suite.service.kill().await;
    suite.service.restart(medfund_agreement::serve).await;
    suite.open_year(2018).await;
    suite.date(2017, 1, 2).await;

    assert_eq!(suite.announced::<pb::InstitutionChanged>().await.len(), 1);
    let request = suite.method(PaymentMethod::AverageQuota, 2018, suite.decision(2018).await);
    suite.agreements(OFFICER).set_inpatient_method(request).await.unwrap();
}

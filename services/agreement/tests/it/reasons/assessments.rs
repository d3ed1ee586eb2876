use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::assessment_service_client::AssessmentServiceClient;
use medfund_proto::auth::v1::Role;
use medfund_proto::google::r#type::Date;
use medfund_testkit::{AREA, Refusals, TestChannel};

use crate::assessments::*;
use crate::inspections;
use crate::packs::pack_that_deducts_by_fund_line;
use crate::support::*;

type Client = AssessmentServiceClient<TestChannel>;

pub(super) const RPCS: [&str; 13] = [
    "RecordReview",
    "ConfirmReview",
    "GetReview",
    "ListReviews",
    "RecordIndicators",
    "ConfirmIndicators",
    "GetIndicators",
    "ListIndicators",
    "ExplainDeduction",
    "RecordConduct",
    "StateCleanRecord",
    "ConfirmCleanRecord",
    "ListCleanRecords",
];

#[tokio::test(flavor = "multi_thread")]
async fn assessments_give_every_reason_that_the_protos_name() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    malformed_or_unknown(&mut refusals).await;
    before_anything_is_heard(&mut refusals).await;
    deductions_by_fund_line(&mut refusals).await;
    let suite = Suite::ready().await;
    reviews(&suite, &mut refusals).await;
    indicators_of_a_year(&suite, &mut refusals).await;
    clean_records(&suite, &mut refusals).await;
    println!("{} refusals of assessments are provoked", refusals.all_provoked());
}

/// One person in two roles, and a checker who is another.
fn people(suite: &Suite) -> (Client, Client, Client) {
    let li = |role| Client::new(suite.service.as_person("li", role));
    (li(Role::AgencyOfficer), li(Role::AgencyChecker), Client::new(suite.channel(CHECKER, AREA)))
}

async fn malformed_or_unknown(refusals: &mut Refusals) {
    let suite = Suite::deaf().await;
    let (mut officer, _, mut checker) = people(&suite);
    refuse!(
        refusals,
        officer.record_review(pb::RecordReviewRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(refusals, checker.confirm_review(confirm_review("")), InvalidArgument / "BAD_REQUEST");
    refuse!(refusals, officer.get_review(pb::GetReviewRequest::default()), InvalidArgument / "BAD_REQUEST");
    refuse!(
        refusals,
        officer.list_reviews(pb::ListReviewsRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        officer.record_indicators(pb::RecordIndicatorsRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(refusals, checker.confirm_indicators(confirm_indicators("")), InvalidArgument / "BAD_REQUEST");
    refuse!(
        refusals,
        officer.get_indicators(pb::GetIndicatorsRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        officer.list_indicators(pb::ListIndicatorsRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        officer.explain_deduction(pb::ExplainDeductionRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        officer.record_conduct(pb::RecordConductRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        officer.state_clean_record(pb::StateCleanRecordRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        checker.confirm_clean_record(confirm_clean_record("")),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        officer.list_clean_records(pb::ListCleanRecordsRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );

    let get = pb::GetReviewRequest { name: name("reviews") };
    refuse!(refusals, officer.get_review(get), NotFound / "REVIEW_NOT_FOUND");
    refuse!(
        refusals,
        checker.confirm_review(confirm_review(&name("reviews"))),
        NotFound / "REVIEW_NOT_FOUND"
    );
    let unknown = name("indicatorAssessments");
    let get = pb::GetIndicatorsRequest { name: unknown.clone() };
    refuse!(refusals, officer.get_indicators(get), NotFound / "INDICATORS_NOT_FOUND");
    let explain = pb::ExplainDeductionRequest { name: unknown.clone() };
    refuse!(refusals, officer.explain_deduction(explain), NotFound / "INDICATORS_NOT_FOUND");
    let confirm = confirm_indicators(&unknown);
    refuse!(refusals, checker.confirm_indicators(confirm), NotFound / "INDICATORS_NOT_FOUND");
    let unknown = confirm_clean_record(&name("cleanRecords"));
    refuse!(refusals, checker.confirm_clean_record(unknown), NotFound / "CLEAN_RECORD_NOT_FOUND");
}

async fn before_anything_is_heard(refusals: &mut Refusals) {
    let suite = Suite::deaf().await;
    let (mut officer, _, mut checker) = people(&suite);
    refuse!(refusals, officer.record_review(review("a")), NotFound / "INSTITUTION_NOT_FOUND");
    refuse!(refusals, officer.record_indicators(indicators("1")), NotFound / "INSTITUTION_NOT_FOUND");
    refuse!(refusals, officer.record_conduct(conduct(2016, true)), NotFound / "INSTITUTION_NOT_FOUND");
    refuse!(refusals, officer.state_clean_record(clean_record()), NotFound / "INSTITUTION_NOT_FOUND");
    suite.admitted(HOSPITAL).await;
    refuse!(refusals, officer.record_review(review("a")), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    refuse!(refusals, officer.record_indicators(indicators("1")), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    refuse!(refusals, officer.state_clean_record(clean_record()), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    suite.open_year(2017).await;
    let undated = review("a");
    officer.record_review(undated.clone()).await.unwrap();
    let undated = confirm_review(&undated.name);
    refuse!(refusals, checker.confirm_review(undated), FailedPrecondition / "CALENDAR_NOT_OPEN");
}

async fn deductions_by_fund_line(refusals: &mut Refusals) {
    let suite = Suite::under(pack_that_deducts_by_fund_line()).await;
    suite.admitted(HOSPITAL).await;
    suite.open_year(2017).await;
    let (mut officer, ..) = people(&suite);
    refuse!(refusals, officer.record_indicators(indicators("1")), FailedPrecondition / "DEDUCTIONS_DIFFER");
}

async fn reviews(suite: &Suite, refusals: &mut Refusals) {
    let (mut officer, mut same, mut checker) = people(suite);
    refuse!(refusals, officer.record_review(review("z")), FailedPrecondition / "UNKNOWN_GRADE");
    let good = review("a");
    officer.record_review(good.clone()).await.unwrap();
    let taken = pb::RecordReviewRequest { request_id: id(), ..good.clone() };
    refuse!(refusals, officer.record_review(taken), AlreadyExists / "REVIEW_EXISTS");
    let confirm = || confirm_review(&good.name);
    refuse!(refusals, same.confirm_review(confirm()), PermissionDenied / "SAME_PERSON");
    checker.confirm_review(confirm()).await.unwrap();
    refuse!(refusals, checker.confirm_review(confirm()), FailedPrecondition / "YEAR_ALREADY_CONFIRMED");
    refuse!(refusals, officer.record_review(review("a")), FailedPrecondition / "YEAR_ALREADY_CONFIRMED");
}

async fn indicators_of_a_year(suite: &Suite, refusals: &mut Refusals) {
    let (mut officer, mut same, mut checker) = people(suite);
    let mut luck = indicators("1");
    luck.measured_values[0].indicator = "luck".into();
    refuse!(refusals, officer.record_indicators(luck), FailedPrecondition / "UNKNOWN_INDICATOR");
    let mut missing = indicators("1");
    missing.measured_values.pop();
    refuse!(refusals, officer.record_indicators(missing), FailedPrecondition / "INDICATORS_MISSING");

    // Recorded under the limit of 1.25, confirmed when a supplement has made it 1.20.
    let first = suite.signed(|_| {}).await;
    let outdated = indicators("1.22");
    officer.record_indicators(outdated.clone()).await.unwrap();
    let july = Some(Date { year: 2017, month: 7, day: 1 });
    let supplement = |draft: &mut pb::DraftAgreementRequest| {
        (draft.supplements, draft.effective_date) = (first, july);
        draft.indicator_limits[0].limit_value = "1.20".into();
    };
    suite.signed(supplement).await;
    let outdated = confirm_indicators(&outdated.name);
    refuse!(refusals, checker.confirm_indicators(outdated), FailedPrecondition / "INDICATORS_OUTDATED");

    let good = indicators("1.22");
    officer.record_indicators(good.clone()).await.unwrap();
    let taken = pb::RecordIndicatorsRequest { request_id: id(), ..good.clone() };
    refuse!(refusals, officer.record_indicators(taken), AlreadyExists / "INDICATORS_EXIST");
    let confirm = || confirm_indicators(&good.name);
    refuse!(refusals, same.confirm_indicators(confirm()), PermissionDenied / "SAME_PERSON");
    checker.confirm_indicators(confirm()).await.unwrap();
    refuse!(refusals, checker.confirm_indicators(confirm()), FailedPrecondition / "YEAR_ALREADY_CONFIRMED");
    refuse!(
        refusals,
        officer.record_indicators(indicators("1")),
        FailedPrecondition / "YEAR_ALREADY_CONFIRMED"
    );
}

async fn clean_records(suite: &Suite, refusals: &mut Refusals) {
    let (mut officer, mut same, mut checker) = people(suite);
    refuse!(refusals, officer.record_conduct(conduct(2017, true)), FailedPrecondition / "YEAR_KNOWN");
    refuse!(refusals, officer.state_clean_record(clean_record()), FailedPrecondition / "CONDUCT_UNKNOWN");
    for year in [2015, 2016] {
        officer.record_conduct(conduct(year, true)).await.unwrap();
    }
    refuse!(refusals, officer.record_conduct(conduct(2016, false)), AlreadyExists / "CONDUCT_EXISTS");

    let good = clean_record();
    officer.state_clean_record(good.clone()).await.unwrap();
    let taken = pb::StateCleanRecordRequest { request_id: id(), ..good.clone() };
    refuse!(refusals, officer.state_clean_record(taken), AlreadyExists / "CLEAN_RECORD_EXISTS");
    let confirm = || confirm_clean_record(&good.name);
    refuse!(refusals, same.confirm_clean_record(confirm()), PermissionDenied / "SAME_PERSON");
    checker.confirm_clean_record(confirm()).await.unwrap();
    refuse!(refusals, checker.confirm_clean_record(confirm()), FailedPrecondition / "YEAR_ALREADY_CONFIRMED");
    let again = clean_record();
    refuse!(refusals, officer.state_clean_record(again), FailedPrecondition / "YEAR_ALREADY_CONFIRMED");

    // A violation of 2017, which 2018 looks back on, is confirmed after the statement.
    suite.open_year(2018).await;
    let of_2018 = pb::StateCleanRecordRequest { fund_year: 2018, ..clean_record() };
    officer.state_clean_record(of_2018.clone()).await.unwrap();
    suite.date(2017, 6, 20).await;
    inspections::confirmed_violation(suite).await;
    let outdated = confirm_clean_record(&of_2018.name);
    refuse!(refusals, checker.confirm_clean_record(outdated), FailedPrecondition / "STATEMENT_OUTDATED");
}

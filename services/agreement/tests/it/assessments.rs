use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::assessment_service_client::AssessmentServiceClient;
use medfund_proto::auth::v1::Role;
use medfund_proto::google::r#type::Date;
use medfund_testkit::{AREA, TestChannel};
use tonic::Code;

use crate::inspections;
use crate::support::*;

type Client = AssessmentServiceClient<TestChannel>;

pub(crate) fn review(grade: &str) -> pb::RecordReviewRequest {
    pb::RecordReviewRequest {
        name: name("reviews"),
        fund_year: 2017,
        institution_code: HOSPITAL.into(),
        grade: grade.into(),
        reference: "评审〔2018〕1号".into(),
        request_id: id(),
    }
}

pub(crate) fn confirm_review(name: &str) -> pb::ConfirmReviewRequest {
    pb::ConfirmReviewRequest { name: name.into(), request_id: id() }
}

fn value(indicator: &str, measured_value: &str) -> pb::MeasuredValue {
    pb::MeasuredValue { indicator: indicator.into(), measured_value: measured_value.into() }
}

/// All that the pack deducts for.
pub(crate) fn indicators(visits_per_head: &str) -> pb::RecordIndicatorsRequest {
    pb::RecordIndicatorsRequest {
        name: name("indicatorAssessments"),
        fund_year: 2017,
        institution_code: HOSPITAL.into(),
        measured_values: vec![
            value("visits_per_head", visits_per_head),
            value("shirked_patients", "0"),
            value("elderly_ward_admissions", "0"),
            value("home_sickbeds_opened", "0"),
        ],
        quarter_visits: vec![],
        request_id: id(),
    }
}

pub(crate) fn confirm_indicators(name: &str) -> pb::ConfirmIndicatorsRequest {
    pb::ConfirmIndicatorsRequest { name: name.into(), request_id: id() }
}

pub(crate) fn conduct(fund_year: i32, kept_rules: bool) -> pb::RecordConductRequest {
    pb::RecordConductRequest {
        name: format!("{}/conducts/{fund_year}", institution(HOSPITAL)),
        kept_rules,
        reference: "稽核台账".into(),
        request_id: id(),
    }
}

pub(crate) fn clean_record() -> pb::StateCleanRecordRequest {
    pb::StateCleanRecordRequest {
        name: name("cleanRecords"),
        fund_year: 2017,
        institution_code: HOSPITAL.into(),
        request_id: id(),
    }
}

pub(crate) fn confirm_clean_record(name: &str) -> pb::ConfirmCleanRecordRequest {
    pb::ConfirmCleanRecordRequest { name: name.into(), request_id: id() }
}

fn client(suite: &Suite, person: Person) -> Client {
    Client::new(suite.channel(person, AREA))
}

fn li(suite: &Suite, role: Role) -> Client {
    Client::new(suite.service.as_person("li", role))
}

#[tokio::test]
async fn a_grade_is_confirmed_once_by_another_person_and_dated_by_the_calendar() {
    let suite = Suite::ready().await;
    suite.date(2018, 2, 5).await;
    let (first, second) = (review("b"), review("c"));
    for request in [&first, &second] {
        li(&suite, Role::AgencyOfficer).record_review(request.clone()).await.unwrap();
    }
    let same = li(&suite, Role::AgencyChecker).confirm_review(confirm_review(&first.name)).await;
    refused(same, Code::PermissionDenied, "SAME_PERSON");
    let mut checker = client(&suite, CHECKER);
    checker.confirm_review(confirm_review(&first.name)).await.unwrap();
    for again in [&first.name, &second.name] {
        let again = checker.confirm_review(confirm_review(again)).await;
        refused(again, Code::FailedPrecondition, "YEAR_ALREADY_CONFIRMED");
    }
    refused(
        checker.confirm_review(confirm_review(&name("reviews"))).await,
        Code::NotFound,
        "REVIEW_NOT_FOUND",
    );
    let late = client(&suite, OFFICER).record_review(review("a")).await;
    refused(late, Code::FailedPrecondition, "YEAR_ALREADY_CONFIRMED");

    let announced = suite.announced::<pb::ReviewConfirmed>().await;
    let date = Some(Date { year: 2018, month: 2, day: 5 });
    assert_eq!((announced.len(), announced[0].grade.as_str(), announced[0].confirm_date), (1, "b", date));
    let get = pb::GetReviewRequest { name: first.name.clone() };
    let own = client(&suite, Person::Institution(HOSPITAL)).get_review(get.clone()).await.unwrap();
    assert_eq!(own.into_inner().review.unwrap().confirm_date, date);
    let other = client(&suite, Person::Institution(CLINIC)).get_review(get).await;
    refused(other, Code::NotFound, "REVIEW_NOT_FOUND");
    let list = pb::ListReviewsRequest { parent: fund_year(), page_size: 1, ..Default::default() };
    let page = client(&suite, OFFICER).list_reviews(list).await.unwrap().into_inner();
    assert_eq!((page.reviews.len(), page.next_page_token.is_empty()), (1, false));
}

#[tokio::test]
async fn a_missed_indicator_costs_what_the_pack_says_and_the_fourth_quarter_nothing_here() {
    let suite = Suite::ready().await;
    suite.signed(|_| {}).await;
    let mut officer = client(&suite, OFFICER);
    let kept = officer.record_indicators(indicators("1.25")).await.unwrap().into_inner();
    assert_eq!(kept.indicator_assessment.unwrap().deduction_rate, "0");
    let request =
        pb::RecordIndicatorsRequest { quarter_visits: vec![90, 100, 110, 116], ..indicators("1.26") };
    let made = officer.record_indicators(request).await.unwrap().into_inner().indicator_assessment.unwrap();

    client(&suite, CHECKER).confirm_indicators(confirm_indicators(&made.name)).await.unwrap();

    let announced = suite.announced::<pb::IndicatorsConfirmed>().await;
    assert_eq!((announced.len(), &announced[0].deductions), (1, &made.deductions));
    let missed = &made.deductions[0];
    assert_eq!(
        [&missed.indicator, &missed.limit_value, &missed.measured_value],
        ["visits_per_head", "1.25", "1.26"]
    );
    assert_eq!((made.deductions.len(), made.quarter_visits.len()), (1, 4));

    let request = pb::ExplainDeductionRequest { name: made.name.clone() };
    let explained = officer.explain_deduction(request.clone()).await.unwrap().into_inner();
    let root = explained.derivation.unwrap().root.unwrap();
    assert_eq!((root.value.as_str(), root.inputs.len()), (made.deduction_rate.as_str(), 1));
    let mut clinic = client(&suite, Person::Institution(CLINIC));
    refused(clinic.explain_deduction(request).await, Code::NotFound, "INDICATORS_NOT_FOUND");
    let get = pb::GetIndicatorsRequest { name: made.name.clone() };
    refused(clinic.get_indicators(get.clone()).await, Code::NotFound, "INDICATORS_NOT_FOUND");
    let found = officer.get_indicators(get).await.unwrap().into_inner().indicator_assessment.unwrap();
    assert_eq!(found.state(), pb::indicator_assessment::State::Confirmed);
    let list = pb::ListIndicatorsRequest { parent: fund_year(), page_size: 1, ..Default::default() };
    let page = officer.list_indicators(list).await.unwrap().into_inner();
    assert_eq!((page.indicator_assessments.len(), page.next_page_token.is_empty()), (1, false));
}

#[tokio::test]
async fn two_clean_years_make_a_clean_record() {
    let suite = Suite::ready().await;
    let mut officer = client(&suite, OFFICER);
    officer.record_conduct(conduct(2015, true)).await.unwrap();
    let unknown = officer.state_clean_record(clean_record()).await;
    assert_eq!(refused(unknown, Code::FailedPrecondition, "CONDUCT_UNKNOWN")["fund_year"], "2016");
    officer.record_conduct(conduct(2016, true)).await.unwrap();
    let stated = officer.state_clean_record(clean_record()).await.unwrap().into_inner().clean_record.unwrap();
    assert_eq!((stated.clean, stated.years.len()), (true, 2));

    client(&suite, CHECKER).confirm_clean_record(confirm_clean_record(&stated.name)).await.unwrap();

    let announced = suite.announced::<pb::CleanRecordConfirmed>().await;
    assert_eq!((announced.len(), announced[0].clean, announced[0].fund_year), (1, true, 2017));
    let list = pb::ListCleanRecordsRequest { parent: fund_year(), ..Default::default() };
    let page = client(&suite, Person::Institution(HOSPITAL)).list_clean_records(list.clone()).await.unwrap();
    assert_eq!(page.into_inner().clean_records.len(), 1);
    let page = client(&suite, Person::Institution(CLINIC)).list_clean_records(list).await.unwrap();
    assert!(page.into_inner().clean_records.is_empty());
}

#[tokio::test]
async fn a_bad_file_or_a_confirmed_violation_spoils_the_record() {
    let suite = Suite::ready().await;
    suite.open_year(2018).await;
    suite.open_year(2019).await;
    suite.date(2018, 12, 1).await;
    let mut officer = client(&suite, OFFICER);
    officer.record_conduct(conduct(2015, true)).await.unwrap();
    officer.record_conduct(conduct(2016, false)).await.unwrap();
    let stated = officer.state_clean_record(clean_record()).await.unwrap().into_inner().clean_record.unwrap();
    assert!(!stated.clean);

    let request = pb::StateCleanRecordRequest { fund_year: 2019, ..clean_record() };
    let stated = officer.state_clean_record(request).await.unwrap().into_inner().clean_record.unwrap();
    assert!(stated.clean, "nothing was confirmed in 2017 and 2018");
    inspections::confirmed_violation(&suite).await;

    let outdated = client(&suite, CHECKER).confirm_clean_record(confirm_clean_record(&stated.name)).await;
    refused(outdated, Code::FailedPrecondition, "STATEMENT_OUTDATED");
    let request = pb::StateCleanRecordRequest { fund_year: 2019, ..clean_record() };
    let anew = officer.state_clean_record(request).await.unwrap().into_inner().clean_record.unwrap();
    assert!(!anew.clean);
}

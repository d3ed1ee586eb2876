//! Every mutating RPC once: a caller of another area, success, a retry after everything else, reuse of its request id.

use std::future::Future;
use std::pin::Pin;

use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::agreement_service_client::AgreementServiceClient;
use medfund_proto::agreement::v1::assessment_service_client::AssessmentServiceClient;
use medfund_proto::agreement::v1::disclosure_service_client::DisclosureServiceClient;
use medfund_proto::agreement::v1::inspection_service_client::InspectionServiceClient;
use medfund_proto::agreement::v1::institution_service_client::InstitutionServiceClient;
use medfund_proto::types::v1::PaymentMethod;
use medfund_testkit::AREA;
use tonic::Code;

use crate::support::*;
use crate::{assessments, disclosures, inspections, institutions};

/// The retries of all calls so far, to be made when everything else has happened.
#[derive(Default)]
struct Later(Vec<Pin<Box<dyn Future<Output = ()>>>>);

macro_rules! call {
    ($suite:expr, $later:expr, $Client:ident, $person:expr, $rpc:ident, $request:expr, |$r:ident| $change:expr) => {{
        let request = $request;
        let stranger = $Client::new($suite.channel($person, OTHER_AREA)).$rpc(request.clone()).await;
        refused(stranger, Code::NotFound, "RESOURCE_NOT_FOUND");

        let mut client = $Client::new($suite.channel($person, AREA));
        let answer = client.$rpc(request.clone()).await.expect(stringify!($rpc)).into_inner();

        let first = answer.clone();
        $later.0.push(Box::pin(async move {
            let again = client.$rpc(request.clone()).await.expect(stringify!($rpc)).into_inner();
            assert_eq!(again, first, "{} again", stringify!($rpc));
            let mut $r = request;
            $change;
            let reused = client.$rpc($r).await;
            refused(reused, Code::InvalidArgument, "REQUEST_ID_REUSED");
        }));
        answer
    }};
}

#[tokio::test]
async fn every_call_repeated_after_all_others_gives_its_first_answer() {
    let suite = Suite::open().await;
    let mut later = Later::default();

    admission(&suite, &mut later).await;
    agreement(&suite, &mut later).await;
    supervision(&suite, &mut later).await;
    assessment(&suite, &mut later).await;
    publication(&suite, &mut later).await;
    exit(&suite, &mut later).await;

    for retry in later.0 {
        retry.await;
    }
}

async fn admission(suite: &Suite, later: &mut Later) {
    use InstitutionServiceClient as Client;
    call!(suite, later, Client, OFFICER, create_institution, create(HOSPITAL), |r| r.institution_code =
        CLINIC.into());
    call!(suite, later, Client, OFFICER, evaluate_institution, evaluate(HOSPITAL), |r| r.passed = false);
    call!(suite, later, Client, CHECKER, admit_institution, admit(HOSPITAL), |r| r.name =
        institution(CLINIC));
}

async fn agreement(suite: &Suite, later: &mut Later) {
    use AgreementServiceClient as Client;
    let method = suite.method(PaymentMethod::AverageQuota, 2017, suite.decision(2017).await);
    call!(suite, later, Client, OFFICER, set_inpatient_method, method, |r| r.method =
        PaymentMethod::DailyCap.into());
    let made = call!(suite, later, Client, OFFICER, draft_agreement, draft(), |r| r.terms.truncate(1));
    let name = made.agreement.unwrap().name;
    call!(suite, later, Client, OFFICER, sign_agreement, sign(&name), |r| r.name =
        crate::support::name("agreements"));
    let hospital = Person::Institution(HOSPITAL);
    let signed = call!(suite, later, Client, hospital, sign_agreement, sign(&name), |r| r.name =
        crate::support::name("agreements"));
    assert_eq!(signed.agreement.unwrap().version, 1);
}

async fn supervision(suite: &Suite, later: &mut Later) {
    use InspectionServiceClient as Client;
    suite.date(2017, 6, 20).await;
    let violation = call!(suite, later, Client, OFFICER, record_violation, inspections::violation(), |r| r
        .amount_fen =
        1);
    let request = inspections::confirm_violation(&violation.violation.unwrap().name);
    call!(suite, later, Client, CHECKER, confirm_violation, request, |r| r.name = name("violations"));
    let inspection =
        call!(suite, later, Client, OFFICER, record_inspection, inspections::inspection(), |r| r.n_sample +=
            1);
    let request = inspections::confirm_inspection(&inspection.inspection.unwrap().name);
    call!(suite, later, Client, CHECKER, confirm_inspection, request, |r| r.name = name("inspections"));
}

async fn assessment(suite: &Suite, later: &mut Later) {
    use AssessmentServiceClient as Client;
    let review = call!(suite, later, Client, OFFICER, record_review, assessments::review("b"), |r| r.grade =
        "a".into());
    let request = assessments::confirm_review(&review.review.unwrap().name);
    call!(suite, later, Client, CHECKER, confirm_review, request, |r| r.name = name("reviews"));
    let made = call!(suite, later, Client, OFFICER, record_indicators, assessments::indicators("1.3"), |r| {
        r.quarter_visits = vec![1, 1, 1, 1]
    });
    let request = assessments::confirm_indicators(&made.indicator_assessment.unwrap().name);
    call!(suite, later, Client, CHECKER, confirm_indicators, request, |r| r.name =
        name("indicatorAssessments"));
    for year in [2015, 2016] {
        call!(suite, later, Client, OFFICER, record_conduct, assessments::conduct(year, true), |r| r
            .kept_rules =
            false);
    }
    let made = call!(suite, later, Client, OFFICER, state_clean_record, assessments::clean_record(), |r| r
        .fund_year =
        2018);
    let request = assessments::confirm_clean_record(&made.clean_record.unwrap().name);
    call!(suite, later, Client, CHECKER, confirm_clean_record, request, |r| r.name = name("cleanRecords"));
}

async fn publication(suite: &Suite, later: &mut Later) {
    use DisclosureServiceClient as Client;
    let hospital = Person::Institution(HOSPITAL);
    call!(suite, later, Client, hospital, submit_monthly_report, disclosures::report(5), |r| r
        .measured_values
        .truncate(1));
    let made = call!(suite, later, Client, OFFICER, record_disclosure, disclosures::disclosure(1), |r| r
        .quarter =
        2);
    let request = disclosures::publish(&made.disclosure.unwrap().name);
    call!(suite, later, Client, CHECKER, publish_disclosure, request, |r| r.name = name("disclosures"));
}

async fn exit(suite: &Suite, later: &mut Later) {
    use InstitutionServiceClient as Client;
    let request = institutions::change(pb::institution_change::Kind::Exit);
    let change =
        call!(suite, later, Client, OFFICER, propose_institution_change, request, |r| r.reason = "x".into());
    let request = institutions::confirm(&change.change.unwrap().name);
    let answer = call!(suite, later, Client, CHECKER, confirm_institution_change, request, |r| {
        r.name = format!("{}/changes/{}", institution(HOSPITAL), id())
    });
    assert_eq!(answer.institution.unwrap().state(), pb::institution::State::Exited);
}

use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::agreement_service_client::AgreementServiceClient;
use medfund_proto::agreement::v1::assessment_service_client::AssessmentServiceClient;
use medfund_proto::agreement::v1::disclosure_service_client::DisclosureServiceClient;
use medfund_proto::agreement::v1::inspection_service_client::InspectionServiceClient;
use medfund_proto::agreement::v1::institution_service_client::InstitutionServiceClient;
use medfund_proto::types::v1::PaymentMethod;
use medfund_testkit::AREA;

use crate::support::*;
use crate::{assessments, disclosures, inspections, institutions};

macro_rules! ask {
    ($suite:expr, $Client:ident, $person:expr, $rpc:ident, $request:expr) => {
        $Client::new($suite.channel($person, AREA)).$rpc($request).await.expect(stringify!($rpc)).into_inner()
    };
}

/// An institution reads what is its own.
const HOSPITALS: Person = Person::Institution(HOSPITAL);

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_answers_once_and_only_to_its_own() {
    let suite = story().await;

    suite.service.tell_again(PACKAGE, &[]).await;
}

/// A hospital's life, from its admission to its exit, by every RPC.
pub(crate) async fn story() -> Suite {
    let suite = Suite::open().await;
    admission(&suite).await;
    agreement(&suite).await;
    suite.date(2017, 6, 20).await;
    supervision(&suite).await;
    assessment(&suite).await;
    publication(&suite).await;
    exit(&suite).await;
    suite
}

async fn admission(suite: &Suite) {
    use InstitutionServiceClient as Client;
    ask!(suite, Client, OFFICER, create_institution, create(HOSPITAL));
    ask!(suite, Client, OFFICER, evaluate_institution, evaluate(HOSPITAL));
    ask!(suite, Client, CHECKER, admit_institution, admit(HOSPITAL));
}

async fn agreement(suite: &Suite) {
    use AgreementServiceClient as Client;
    let request = suite.method(PaymentMethod::AverageQuota, 2017, suite.decision(2017).await);
    ask!(suite, Client, OFFICER, set_inpatient_method, request);
    let request = pb::ListInpatientMethodsRequest { parent: area(), ..Default::default() };
    ask!(suite, Client, OFFICER, list_inpatient_methods, request);

    let request = draft();
    let name = request.name.clone();
    ask!(suite, Client, OFFICER, draft_agreement, request);
    ask!(suite, Client, OFFICER, sign_agreement, sign(&name));
    ask!(suite, Client, HOSPITALS, sign_agreement, sign(&name));
    ask!(suite, Client, HOSPITALS, get_agreement, pb::GetAgreementRequest { name });
    let request = pb::ListAgreementsRequest { parent: fund_year(), ..Default::default() };
    ask!(suite, Client, HOSPITALS, list_agreements, request);
}

async fn supervision(suite: &Suite) {
    use InspectionServiceClient as Client;
    let request = inspections::violation();
    let name = request.name.clone();
    ask!(suite, Client, OFFICER, record_violation, request);
    ask!(suite, Client, CHECKER, confirm_violation, inspections::confirm_violation(&name));
    ask!(suite, Client, HOSPITALS, get_violation, pb::GetViolationRequest { name });
    let request = pb::ListViolationsRequest { parent: fund_year(), ..Default::default() };
    ask!(suite, Client, HOSPITALS, list_violations, request);

    let request = inspections::inspection();
    let name = request.name.clone();
    ask!(suite, Client, OFFICER, record_inspection, request);
    ask!(suite, Client, CHECKER, confirm_inspection, inspections::confirm_inspection(&name));
    ask!(suite, Client, HOSPITALS, get_inspection, pb::GetInspectionRequest { name: name.clone() });
    ask!(suite, Client, HOSPITALS, explain_refusal, pb::ExplainRefusalRequest { name });
    let request = pb::ListInspectionsRequest { parent: fund_year(), ..Default::default() };
    ask!(suite, Client, HOSPITALS, list_inspections, request);
}

async fn assessment(suite: &Suite) {
    use AssessmentServiceClient as Client;
    let request = assessments::review("b");
    let name = request.name.clone();
    ask!(suite, Client, OFFICER, record_review, request);
    ask!(suite, Client, CHECKER, confirm_review, assessments::confirm_review(&name));
    ask!(suite, Client, HOSPITALS, get_review, pb::GetReviewRequest { name });
    let request = pb::ListReviewsRequest { parent: fund_year(), ..Default::default() };
    ask!(suite, Client, HOSPITALS, list_reviews, request);

    let request = assessments::indicators("1.26");
    let name = request.name.clone();
    ask!(suite, Client, OFFICER, record_indicators, request);
    ask!(suite, Client, CHECKER, confirm_indicators, assessments::confirm_indicators(&name));
    ask!(suite, Client, HOSPITALS, get_indicators, pb::GetIndicatorsRequest { name: name.clone() });
    ask!(suite, Client, HOSPITALS, explain_deduction, pb::ExplainDeductionRequest { name });
    let request = pb::ListIndicatorsRequest { parent: fund_year(), ..Default::default() };
    ask!(suite, Client, HOSPITALS, list_indicators, request);

    for year in [2015, 2016] {
        ask!(suite, Client, OFFICER, record_conduct, assessments::conduct(year, true));
    }
    let request = assessments::clean_record();
    let name = request.name.clone();
    ask!(suite, Client, OFFICER, state_clean_record, request);
    ask!(suite, Client, CHECKER, confirm_clean_record, assessments::confirm_clean_record(&name));
    let request = pb::ListCleanRecordsRequest { parent: fund_year(), ..Default::default() };
    ask!(suite, Client, HOSPITALS, list_clean_records, request);
}

async fn publication(suite: &Suite) {
    use DisclosureServiceClient as Client;
    ask!(suite, Client, HOSPITALS, submit_monthly_report, disclosures::report(4));
    let request = pb::ListMonthlyReportsRequest { parent: fund_year(), ..Default::default() };
    ask!(suite, Client, HOSPITALS, list_monthly_reports, request);

    let request = disclosures::disclosure(1);
    let name = request.name.clone();
    ask!(suite, Client, OFFICER, record_disclosure, request);
    ask!(suite, Client, CHECKER, publish_disclosure, disclosures::publish(&name));
    let request = pb::ListDisclosuresRequest { parent: fund_year(), ..Default::default() };
    ask!(suite, Client, OFFICER, list_disclosures, request);
}

async fn exit(suite: &Suite) {
    use InstitutionServiceClient as Client;
    let request = institutions::change(pb::institution_change::Kind::Exit);
    let name = request.name.clone();
    ask!(suite, Client, OFFICER, propose_institution_change, request);
    ask!(suite, Client, CHECKER, confirm_institution_change, institutions::confirm(&name));
    ask!(
        suite,
        Client,
        HOSPITALS,
        get_institution,
        pb::GetInstitutionRequest { name: institution(HOSPITAL) }
    );
    let request = pb::ListInstitutionsRequest { parent: area(), ..Default::default() };
    ask!(suite, Client, HOSPITALS, list_institutions, request);
    let parent = institution(HOSPITAL);
    let request = pb::ListInstitutionChangesRequest { parent, ..Default::default() };
    ask!(suite, Client, HOSPITALS, list_institution_changes, request);
}

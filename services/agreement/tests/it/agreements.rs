use medfund_proto::agreement::v1 as pb;
use medfund_proto::google::r#type::Date;
use medfund_proto::types::v1::{KindOfCare, PaymentMethod};
use medfund_testkit::AREA;
use tonic::Code;

use crate::packs::pack_of_many_methods;
use crate::support::*;

fn get(name: &str) -> pb::GetAgreementRequest {
    pb::GetAgreementRequest { name: name.into() }
}

#[tokio::test]
async fn a_districts_method_is_decided_locked_and_announced() {
    let suite = Suite::open().await;
    suite.open_year(2018).await;
    suite.open_year(2019).await;
    let mut officer = suite.agreements(OFFICER);
    let request = suite.method(PaymentMethod::AverageQuota, 2017, suite.decision(2017).await);
    let set = officer.set_inpatient_method(request).await.unwrap().into_inner().inpatient_method.unwrap();
    assert_eq!((set.from_fund_year, set.locked_through_fund_year), (2017, 2018));

    let early = suite.method(PaymentMethod::DailyCap, 2018, suite.decision(2018).await);
    let metadata =
        refused(officer.set_inpatient_method(early).await, Code::FailedPrecondition, "METHOD_LOCKED");
    assert_eq!(
        [&metadata["method"], &metadata["from_fund_year"], &metadata["locked_through_fund_year"]],
        ["average_quota", "2017", "2018"]
    );
    let third = suite.method(PaymentMethod::DailyCap, 2019, suite.decision(2019).await);
    officer.set_inpatient_method(third).await.unwrap();

    let announced = suite.announced::<pb::InpatientMethodDecided>().await;
    assert_eq!(announced.iter().map(|event| event.from_fund_year).collect::<Vec<_>>(), [2017, 2019]);
    let list = |page_token| pb::ListInpatientMethodsRequest {
        parent: format!("areas/{AREA}"),
        district: DISTRICT.into(),
        page_size: 1,
        page_token,
    };
    let first = officer.list_inpatient_methods(list(String::new())).await.unwrap().into_inner();
    let second = officer.list_inpatient_methods(list(first.next_page_token)).await.unwrap().into_inner();
    let years = [&first.inpatient_methods[0], &second.inpatient_methods[0]].map(|m| m.from_fund_year);
    assert_eq!((years, second.next_page_token.as_str()), ([2017, 2019], ""));
}

#[tokio::test]
async fn a_method_needs_a_decision_that_was_heard_and_allows_it() {
    let suite = Suite::open().await;
    let mut officer = suite.agreements(OFFICER);
    let precondition = Code::FailedPrecondition;
    let unheard = suite.method(PaymentMethod::AverageQuota, 2017, name("decisions"));
    refused(officer.set_inpatient_method(unheard).await, precondition, "DECISION_UNKNOWN");

    let rejected = suite.decided(|decision| decision.approved = false).await;
    let request = suite.method(PaymentMethod::AverageQuota, 2017, rejected);
    let metadata = refused(officer.set_inpatient_method(request).await, precondition, "DECISION_MISMATCH");
    assert_eq!([&metadata["field"], &metadata["expected"]], ["outcome", "approved"]);
    let other_body = suite.decided(|decision| decision.body = "district_agency".into()).await;
    let request = suite.method(PaymentMethod::AverageQuota, 2017, other_body);
    let metadata = refused(officer.set_inpatient_method(request).await, precondition, "DECISION_MISMATCH");
    assert_eq!(metadata["field"], "body");

    let decision = suite.decision(2017).await;
    let request = suite.method(PaymentMethod::DrgPoints, 2017, decision.clone());
    refused(officer.set_inpatient_method(request).await, precondition, "METHOD_NOT_ALLOWED");
    let mut request = suite.method(PaymentMethod::DailyCap, 2017, decision.clone());
    request.name = format!("areas/{AREA}/districts/440799/inpatientMethods/2017");
    refused(officer.set_inpatient_method(request).await, precondition, "UNKNOWN_DISTRICT");
    let request = suite.method(PaymentMethod::DailyCap, 2030, decision);
    refused(officer.set_inpatient_method(request).await, precondition, "FUND_YEAR_NOT_OPEN");
}

#[tokio::test]
async fn two_officers_who_set_a_method_at_once_do_not_both_succeed() {
    let suite = Suite::open().await;
    suite.open_year(2018).await;
    let (first, second) = (suite.decision(2017).await, suite.decision(2018).await);
    let (mut one, mut two) = (suite.agreements(OFFICER), suite.agreements(OFFICER));
    let earlier = one.set_inpatient_method(suite.method(PaymentMethod::AverageQuota, 2017, first));
    let later = two.set_inpatient_method(suite.method(PaymentMethod::DailyCap, 2018, second));

    let (earlier, later) = tokio::join!(earlier, later);

    assert!(earlier.is_ok() != later.is_ok(), "{earlier:?} {later:?}");
}

#[tokio::test]
async fn both_sides_sign_and_the_agreement_is_announced() {
    let suite = Suite::ready().await;
    let name = suite.signed(|_| {}).await;

    let agreement = suite.agreements(OFFICER).get_agreement(get(&name)).await.unwrap().into_inner();
    let agreement = agreement.agreement.unwrap();
    assert_eq!((agreement.state(), agreement.version), (pb::agreement::State::Signed, 1));
    assert_eq!(agreement.effective_date, Some(Date { year: 2017, month: 1, day: 1 }));
    assert_eq!((agreement.terms, agreement.indicator_limits), (draft().terms, draft().indicator_limits));
    let announced = suite.announced::<pb::AgreementSigned>().await;
    assert_eq!(
        (announced.len(), announced[0].agreement.as_str(), announced[0].terms.len()),
        (1, name.as_str(), 2)
    );
}

#[tokio::test]
async fn a_supplement_is_a_new_version_from_its_date() {
    let suite = Suite::ready().await;
    let first = suite.signed(|_| {}).await;
    let second_first = suite.agreements(OFFICER).draft_agreement(draft()).await;
    refused(second_first, Code::FailedPrecondition, "ALREADY_SIGNED");
    suite.date(2017, 4, 10).await;
    let supplement = |month: i32, day: i32| {
        let mut request = draft();
        request.supplements = first.clone();
        request.effective_date = Some(Date { year: 2017, month, day });
        request.terms[0].standard_per_admission_fen = 820_000;
        request
    };
    let past = suite.agreements(OFFICER).draft_agreement(supplement(4, 9)).await;
    let metadata = refused(past, Code::FailedPrecondition, "EFFECTIVE_DATE");
    assert_eq!([&metadata["earliest_date"], &metadata["latest_date"]], ["2017-04-10", "2017-12-31"]);

    suite.signed(|request| *request = supplement(7, 1)).await;

    let announced = suite.announced::<pb::AgreementSigned>().await;
    let versions: Vec<_> = announced.iter().map(|event| (event.version, event.effective_date)).collect();
    let day = |month| Some(Date { year: 2017, month, day: 1 });
    assert_eq!(versions, [(1, day(1)), (2, day(7))]);
    assert_eq!(announced[1].terms[0].standard_per_admission_fen, 820_000);
}

#[tokio::test]
async fn every_method_keeps_its_standards() {
    let suite = Suite::ready().await;
    let outpatient = pb::PaymentTerm {
        fund_line: "employee".into(),
        kind_of_care: KindOfCare::GeneralOutpatient.into(),
        method: PaymentMethod::FeeForService.into(),
        ..Default::default()
    };
    let name = suite.signed(|request| request.terms.push(outpatient.clone())).await;
    let kept = suite.agreements(OFFICER).get_agreement(get(&name)).await.unwrap().into_inner();
    assert_eq!(kept.agreement.unwrap().terms[2], outpatient);
}

#[tokio::test]
async fn agreements_are_listed_in_pages_and_an_institution_sees_its_own() {
    let suite = Suite::ready().await;
    for code in [HOSPITAL, CLINIC] {
        let request = pb::DraftAgreementRequest { institution_code: code.into(), ..draft() };
        suite.agreements(OFFICER).draft_agreement(request).await.unwrap();
    }
    let request = |code: &str, page_token| pb::ListAgreementsRequest {
        parent: format!("areas/{AREA}/fundYears/2017"),
        institution_code: code.into(),
        page_size: 1,
        page_token,
    };
    let mut officer = suite.agreements(OFFICER);
    let first = officer.list_agreements(request("", String::new())).await.unwrap().into_inner();
    let second = officer.list_agreements(request("", first.next_page_token)).await.unwrap().into_inner();
    let codes = [&first.agreements[0], &second.agreements[0]].map(|a| a.institution_code.as_str());
    assert_eq!((codes, second.next_page_token.as_str()), ([HOSPITAL, CLINIC], ""));
    let one = officer.list_agreements(request(CLINIC, String::new())).await.unwrap().into_inner();
    assert_eq!(one.agreements, second.agreements);

    let mut clinic = suite.agreements(Person::Institution(CLINIC));
    let own = clinic.list_agreements(request("", String::new())).await.unwrap().into_inner();
    assert_eq!((own.agreements, own.next_page_token.as_str()), (second.agreements, ""));
    let other = clinic.get_agreement(get(&first.agreements[0].name)).await;
    refused(other, Code::NotFound, "AGREEMENT_NOT_FOUND");
}

#[tokio::test]
async fn a_kind_of_care_is_paid_by_several_methods_and_settlement_hears_their_standards() {
    let suite = Suite::under(pack_of_many_methods()).await;
    suite.date(2016, 11, 15).await;
    suite.open_year(2017).await;
    suite.admitted(HOSPITAL).await;
    let bed_day = home_sickbed_by_bed_day("hospice");
    let by = |method: PaymentMethod| pb::PaymentTerm {
        method: method.into(),
        bed_day_standards: Vec::new(),
        ..bed_day.clone()
    };
    let diseases = home_sickbed_by_disease(pb::DiseaseStandard {
        disease_code: "C34".into(),
        standard_fen: 700_000,
        covers_whole_stay: true,
        tcm_advantage: false,
    });
    let mut capita = pb::PaymentTerm { standard_per_person_fen: 36_500, ..by(PaymentMethod::PerCapita) };
    let group = |from_age, factor: &str| pb::AgeGroup { from_age, persons: 500, factor: factor.into() };
    capita.age_groups = vec![group(0, "0.8"), group(60, "1.5")];
    capita.chronic_standards = vec![pb::ChronicStandard {
        disease_code: "E11".into(),
        persons: 40,
        standard_per_person_fen: 120_000,
    }];
    let mut periods =
        pb::PaymentTerm { kind_of_care: KindOfCare::Inpatient.into(), ..by(PaymentMethod::Periodic) };
    periods.periodic_standards = vec![pb::PeriodicStandard {
        disease_code: "F20".into(),
        period_days: 30,
        standard_per_period_fen: 600_000,
    }];
    let total = pb::PaymentTerm { total_fen: 90_000_000, ..by(PaymentMethod::TotalPrepayment) };
    let mut units = pb::PaymentTerm { standard_per_unit_fen: 8_800, ..by(PaymentMethod::ServiceUnit) };
    units.set_service_unit(pb::ServiceUnit::Day);
    let agreed = vec![bed_day, diseases, periods, units];

    suite.signed(|request| request.terms = agreed.clone()).await;
    let announced = suite.announced::<pb::AgreementSigned>().await;
    assert_eq!(announced[0].terms, agreed);

    suite.admitted(CLINIC).await;
    let mut officer = suite.agreements(OFFICER);
    let request =
        pb::DraftAgreementRequest { institution_code: CLINIC.into(), terms: vec![total.clone()], ..draft() };
    let drafted = officer.draft_agreement(request).await.unwrap().into_inner().agreement.unwrap();
    assert_eq!(drafted.terms, [total]);

    let mut agreed = draft();
    agreed.institution_code = CLINIC.into();
    agreed.terms = vec![capita.clone()];
    let drafted = officer.draft_agreement(agreed).await.unwrap().into_inner().agreement.unwrap();
    assert_eq!(drafted.terms, [capita]);
}

use medfund_proto::agreement::v1 as pb;
use medfund_proto::google::r#type::Date;
use medfund_proto::types::v1::PaymentMethod;
use medfund_testkit::{AREA, Refusals};

use crate::packs::{pack_of_many_methods, pack_without_deciders};
use crate::support::*;

pub(super) const RPCS: [&str; 5] =
    ["SetInpatientMethod", "ListInpatientMethods", "DraftAgreement", "GetAgreement", "ListAgreements"];

#[tokio::test(flavor = "multi_thread")]
async fn agreements_give_every_reason_that_the_protos_name() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    methods(&mut refusals).await;
    methods_that_nobody_decides_on(&mut refusals).await;
    drafts(&mut refusals).await;
    drafts_of_other_services(&mut refusals).await;
    drafts_beside_signed_ones(&mut refusals).await;
    println!("{} refusals of agreements are provoked", refusals.all_provoked());
}

async fn methods(refusals: &mut Refusals) {
    let suite = Suite::open().await;
    let mut officer = suite.agreements(OFFICER);
    let method = |method, from, decision: &str| suite.method(method, from, decision.to_owned());
    let empty = pb::SetInpatientMethodRequest::default();
    refuse!(refusals, officer.set_inpatient_method(empty), InvalidArgument / "BAD_REQUEST");
    let empty = pb::ListInpatientMethodsRequest::default();
    refuse!(refusals, officer.list_inpatient_methods(empty), InvalidArgument / "BAD_REQUEST");

    let decision = suite.decision(2017).await;
    let unopened = method(PaymentMethod::DailyCap, 2030, &decision);
    refuse!(refusals, officer.set_inpatient_method(unopened), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    let elsewhere = pb::SetInpatientMethodRequest {
        name: format!("areas/{AREA}/districts/440799/inpatientMethods/2017"),
        ..method(PaymentMethod::DailyCap, 2017, &decision)
    };
    refuse!(refusals, officer.set_inpatient_method(elsewhere), FailedPrecondition / "UNKNOWN_DISTRICT");
    let unheard = method(PaymentMethod::DailyCap, 2017, &name("decisions"));
    refuse!(refusals, officer.set_inpatient_method(unheard), FailedPrecondition / "DECISION_UNKNOWN");
    let points = method(PaymentMethod::DrgPoints, 2017, &decision);
    refuse!(refusals, officer.set_inpatient_method(points), FailedPrecondition / "METHOD_NOT_ALLOWED");
    let rejected = suite.decided(|decision| decision.approved = false).await;
    let rejected = method(PaymentMethod::DailyCap, 2017, &rejected);
    refuse!(refusals, officer.set_inpatient_method(rejected), FailedPrecondition / "DECISION_MISMATCH");

    suite.open_year(2018).await;
    officer.set_inpatient_method(method(PaymentMethod::DailyCap, 2017, &decision)).await.unwrap();
    let early = method(PaymentMethod::AverageQuota, 2018, &suite.decision(2018).await);
    refuse!(refusals, officer.set_inpatient_method(early), FailedPrecondition / "METHOD_LOCKED");
}

async fn methods_that_nobody_decides_on(refusals: &mut Refusals) {
    let suite = Suite::under(pack_without_deciders()).await;
    suite.open_year(2017).await;
    let nobodys = suite.method(PaymentMethod::DailyCap, 2017, suite.decision(2017).await);
    let mut officer = suite.agreements(OFFICER);
    refuse!(refusals, officer.set_inpatient_method(nobodys), FailedPrecondition / "UNKNOWN_MATTER");
}

fn drafted(change: impl FnOnce(&mut pb::DraftAgreementRequest)) -> pb::DraftAgreementRequest {
    let mut request = draft();
    change(&mut request);
    request
}

async fn drafts(refusals: &mut Refusals) {
    let suite = Suite::deaf().await;
    let mut officer = suite.agreements(OFFICER);
    let empty = pb::DraftAgreementRequest::default();
    refuse!(refusals, officer.draft_agreement(empty), InvalidArgument / "BAD_REQUEST");
    refuse!(
        refusals,
        officer.get_agreement(pb::GetAgreementRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        officer.list_agreements(pb::ListAgreementsRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    let get = pb::GetAgreementRequest { name: name("agreements") };
    refuse!(refusals, officer.get_agreement(get), NotFound / "AGREEMENT_NOT_FOUND");

    refuse!(refusals, officer.draft_agreement(draft()), NotFound / "INSTITUTION_NOT_FOUND");
    suite.institutions(OFFICER).create_institution(create(HOSPITAL)).await.unwrap();
    refuse!(refusals, officer.draft_agreement(draft()), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    suite.open_year(2017).await;
    refuse!(refusals, officer.draft_agreement(draft()), FailedPrecondition / "CALENDAR_NOT_OPEN");
    suite.date(2016, 11, 15).await;
    refuse!(refusals, officer.draft_agreement(draft()), FailedPrecondition / "INSTITUTION_STATE");
    suite.institutions(OFFICER).evaluate_institution(evaluate(HOSPITAL)).await.unwrap();
    suite.institutions(CHECKER).admit_institution(admit(HOSPITAL)).await.unwrap();
    refuse!(refusals, officer.draft_agreement(draft()), FailedPrecondition / "INPATIENT_METHOD_UNDECIDED");

    let request = suite.method(PaymentMethod::AverageQuota, 2017, suite.decision(2017).await);
    officer.set_inpatient_method(request).await.unwrap();
    let line = drafted(|r| r.terms[0].fund_line = "nrcms".into());
    refuse!(refusals, officer.draft_agreement(line), FailedPrecondition / "UNKNOWN_FUND_LINE");
    let points = drafted(|r| {
        r.terms[0].method = PaymentMethod::DrgPoints.into();
        r.terms[0].standard_per_admission_fen = 0;
    });
    refuse!(refusals, officer.draft_agreement(points), FailedPrecondition / "METHOD_NOT_ALLOWED");
    let cap = drafted(|r| {
        r.terms[0].method = PaymentMethod::DailyCap.into();
        (r.terms[0].standard_per_admission_fen, r.terms[0].cap_per_day_fen) = (0, 90_000);
    });
    refuse!(refusals, officer.draft_agreement(cap), FailedPrecondition / "NOT_THE_DISTRICTS_METHOD");
    let luck = drafted(|r| r.indicator_limits[0].indicator = "luck".into());
    refuse!(refusals, officer.draft_agreement(luck), FailedPrecondition / "UNKNOWN_INDICATOR");
    let grade = drafted(|r| r.management_grade = "a".into());
    refuse!(refusals, officer.draft_agreement(grade), FailedPrecondition / "UNKNOWN_MANAGEMENT_GRADE");
    let good = draft();
    officer.draft_agreement(good.clone()).await.unwrap();
    let taken = pb::DraftAgreementRequest { request_id: id(), ..good };
    refuse!(refusals, officer.draft_agreement(taken), AlreadyExists / "AGREEMENT_EXISTS");
}

async fn drafts_of_other_services(refusals: &mut Refusals) {
    let suite = Suite::under(pack_of_many_methods()).await;
    suite.date(2016, 11, 15).await;
    suite.open_year(2017).await;
    suite.admitted(HOSPITAL).await;
    let luck = drafted(|r| r.terms = vec![home_sickbed_by_bed_day("luck")]);
    let mut officer = suite.agreements(OFFICER);
    refuse!(refusals, officer.draft_agreement(luck), FailedPrecondition / "UNKNOWN_SERVICE");
    let tcm = drafted(|r| {
        r.terms = vec![home_sickbed_by_disease(pb::DiseaseStandard {
            disease_code: "M51".into(),
            standard_fen: 300_000,
            tcm_advantage: true,
            ..Default::default()
        })];
    });
    refuse!(refusals, officer.draft_agreement(tcm), FailedPrecondition / "STANDARD_NOT_OFFERED");
}

async fn drafts_beside_signed_ones(refusals: &mut Refusals) {
    let suite = Suite::ready().await;
    let mut officer = suite.agreements(OFFICER);
    let supplement = |to: &str, day| {
        drafted(|r| {
            r.supplements = to.to_owned();
            r.effective_date = Some(day);
        })
    };
    let july = Date { year: 2017, month: 7, day: 1 };
    let nothing = supplement(&name("agreements"), july);
    refuse!(refusals, officer.draft_agreement(nothing), FailedPrecondition / "NOTHING_TO_SUPPLEMENT");
    let first = suite.signed(|_| {}).await;
    refuse!(refusals, officer.draft_agreement(draft()), FailedPrecondition / "ALREADY_SIGNED");
    let next_year = supplement(&first, Date { year: 2018, ..july });
    refuse!(refusals, officer.draft_agreement(next_year), FailedPrecondition / "EFFECTIVE_DATE");
}

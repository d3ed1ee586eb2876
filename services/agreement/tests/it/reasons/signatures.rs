use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::agreement_service_client::AgreementServiceClient;
use medfund_proto::agreement::v1::institution_change::Kind;
use medfund_proto::auth::v1::Role;
use medfund_proto::google::r#type::Date;
use medfund_proto::types::v1::PaymentMethod;
use medfund_testkit::{AREA, Principal, Refusals};

use super::institutions::moved;
use crate::institutions::{change, confirmed, of, suspend};
use crate::support::*;

pub(super) const RPCS: [&str; 1] = ["SignAgreement"];

#[tokio::test(flavor = "multi_thread")]
async fn signatures_give_every_reason_that_the_proto_names() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    persons(&mut refusals).await;
    what_changed_since_the_draft(&mut refusals).await;
    println!("{} refusals of signatures are provoked", refusals.all_provoked());
}

/// A draft for an institution; returns its name.
async fn drafted(suite: &Suite, code: &str) -> String {
    let request = pb::DraftAgreementRequest { institution_code: code.into(), ..draft() };
    suite.agreements(OFFICER).draft_agreement(request.clone()).await.unwrap();
    request.name
}

async fn persons(refusals: &mut Refusals) {
    let suite = Suite::ready().await;
    let drafted = drafted(&suite, HOSPITAL).await;
    let mut officer = suite.agreements(OFFICER);
    refuse!(
        refusals,
        officer.sign_agreement(pb::SignAgreementRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(refusals, officer.sign_agreement(sign(&name("agreements"))), NotFound / "AGREEMENT_NOT_FOUND");
    let mut clinic = suite.agreements(Person::Institution(CLINIC));
    refuse!(refusals, clinic.sign_agreement(sign(&drafted)), NotFound / "AGREEMENT_NOT_FOUND");

    officer.sign_agreement(sign(&drafted)).await.unwrap();
    refuse!(refusals, officer.sign_agreement(sign(&drafted)), FailedPrecondition / "SIDE_ALREADY_SIGNED");
    // The officer's own name, on the institution's side.
    let (area, code) = (AREA.parse().unwrap(), HOSPITAL.parse().unwrap());
    let same = Principal::institution(Role::AgencyOfficer.as_str_name(), area, code);
    let mut same = AgreementServiceClient::new(suite.service.as_principal(&same));
    refuse!(refusals, same.sign_agreement(sign(&drafted)), PermissionDenied / "SAME_PERSON");
    let profile = Some(pb::InstitutionProfile { authorised_signers: vec!["director".into()], ..profile() });
    confirmed(&suite, pb::ProposeInstitutionChangeRequest { profile, ..change(Kind::Profile) }).await;
    let mut clerk = suite.agreements(Person::Institution(HOSPITAL));
    refuse!(refusals, clerk.sign_agreement(sign(&drafted)), PermissionDenied / "SIGNER_NOT_AUTHORISED");
}

async fn what_changed_since_the_draft(refusals: &mut Refusals) {
    let suite = Suite::ready().await;
    let mut officer = suite.agreements(OFFICER);
    let late = drafted(&suite, HOSPITAL).await;
    let first = suite.signed(|_| {}).await;
    refuse!(refusals, officer.sign_agreement(sign(&late)), FailedPrecondition / "ALREADY_SIGNED");

    let mut supplement = draft();
    supplement.supplements = first;
    supplement.effective_date = Some(Date { year: 2017, month: 1, day: 10 });
    officer.draft_agreement(supplement.clone()).await.unwrap();
    suite.date(2017, 1, 11).await;
    let late = sign(&supplement.name);
    refuse!(refusals, officer.sign_agreement(late), FailedPrecondition / "EFFECTIVE_DATE");

    let clinics = drafted(&suite, CLINIC).await;
    confirmed(&suite, moved(CLINIC)).await;
    refuse!(
        refusals,
        officer.sign_agreement(sign(&clinics)),
        FailedPrecondition / "INPATIENT_METHOD_UNDECIDED"
    );
    let decision = suite.decided(|decision| decision.district = OTHER_DISTRICT.into()).await;
    let request = pb::SetInpatientMethodRequest {
        name: format!("areas/{AREA}/districts/{OTHER_DISTRICT}/inpatientMethods/2017"),
        ..suite.method(PaymentMethod::DailyCap, 2017, decision)
    };
    officer.set_inpatient_method(request).await.unwrap();
    refuse!(
        refusals,
        officer.sign_agreement(sign(&clinics)),
        FailedPrecondition / "NOT_THE_DISTRICTS_METHOD"
    );
    confirmed(&suite, of(suspend(2017, 3, 1), CLINIC)).await;
    refuse!(refusals, officer.sign_agreement(sign(&clinics)), FailedPrecondition / "INSTITUTION_STATE");
}

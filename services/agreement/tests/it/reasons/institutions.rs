use medfund_proto::agreement::v1 as pb;
use medfund_proto::agreement::v1::institution_change::Kind;
use medfund_proto::agreement::v1::institution_service_client::InstitutionServiceClient;
use medfund_proto::auth::v1::Role;
use medfund_testkit::Refusals;

use crate::institutions::{change, confirm, of, suspend};
use crate::support::*;

pub(super) const RPCS: [&str; 8] = [
    "CreateInstitution",
    "EvaluateInstitution",
    "AdmitInstitution",
    "ProposeInstitutionChange",
    "ConfirmInstitutionChange",
    "GetInstitution",
    "ListInstitutions",
    "ListInstitutionChanges",
];

#[tokio::test(flavor = "multi_thread")]
async fn institutions_give_every_reason_that_the_protos_name() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    admission(&mut refusals).await;
    proposing(&mut refusals).await;
    confirming(&mut refusals).await;
    println!("{} refusals of institutions are provoked", refusals.all_provoked());
}

async fn admission(refusals: &mut Refusals) {
    let suite = Suite::deaf().await;
    let li = |role| InstitutionServiceClient::new(suite.service.as_person("li", role));
    let (mut officer, mut checker) = (li(Role::AgencyOfficer), li(Role::AgencyChecker));

    refuse!(
        refusals,
        officer.create_institution(pb::CreateInstitutionRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        officer.evaluate_institution(pb::EvaluateInstitutionRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        checker.admit_institution(pb::AdmitInstitutionRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        officer.get_institution(pb::GetInstitutionRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        officer.list_institutions(pb::ListInstitutionsRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );
    refuse!(
        refusals,
        officer.list_institution_changes(pb::ListInstitutionChangesRequest::default()),
        InvalidArgument / "BAD_REQUEST"
    );

    refuse!(refusals, officer.evaluate_institution(evaluate(HOSPITAL)), NotFound / "INSTITUTION_NOT_FOUND");
    refuse!(refusals, checker.admit_institution(admit(HOSPITAL)), NotFound / "INSTITUTION_NOT_FOUND");
    let get = pb::GetInstitutionRequest { name: institution(HOSPITAL) };
    refuse!(refusals, officer.get_institution(get), NotFound / "INSTITUTION_NOT_FOUND");

    officer.create_institution(create(HOSPITAL)).await.unwrap();
    refuse!(refusals, officer.create_institution(create(HOSPITAL)), AlreadyExists / "INSTITUTION_EXISTS");
    refuse!(refusals, checker.admit_institution(admit(HOSPITAL)), FailedPrecondition / "INSTITUTION_STATE");
    officer.evaluate_institution(evaluate(HOSPITAL)).await.unwrap();
    refuse!(
        refusals,
        officer.evaluate_institution(evaluate(HOSPITAL)),
        FailedPrecondition / "INSTITUTION_STATE"
    );
    refuse!(refusals, checker.admit_institution(admit(HOSPITAL)), PermissionDenied / "SAME_PERSON");

    let early = change(Kind::Exit);
    refuse!(refusals, officer.propose_institution_change(early), FailedPrecondition / "CALENDAR_NOT_OPEN");
}

async fn proposing(refusals: &mut Refusals) {
    let suite = Suite::ready().await;
    let mut officer = suite.institutions(OFFICER);
    let empty = pb::ProposeInstitutionChangeRequest::default();
    refuse!(refusals, officer.propose_institution_change(empty), InvalidArgument / "BAD_REQUEST");
    let nobody = of(change(Kind::Exit), "H44070300009");
    refuse!(refusals, officer.propose_institution_change(nobody), NotFound / "INSTITUTION_NOT_FOUND");
    let resume = change(Kind::Resume);
    refuse!(refusals, officer.propose_institution_change(resume), FailedPrecondition / "INSTITUTION_STATE");
    let past = suspend(2016, 11, 14);
    refuse!(refusals, officer.propose_institution_change(past), FailedPrecondition / "SUSPENSION_IN_PAST");
    let exit = change(Kind::Exit);
    officer.propose_institution_change(exit.clone()).await.unwrap();
    let taken = pb::ProposeInstitutionChangeRequest { request_id: id(), ..exit };
    refuse!(refusals, officer.propose_institution_change(taken), AlreadyExists / "CHANGE_EXISTS");

    suite.signed(|_| {}).await;
    refuse!(
        refusals,
        officer.propose_institution_change(moved(HOSPITAL)),
        FailedPrecondition / "DISTRICT_BOUND"
    );
}

/// A change of an institution's profile that takes it to another district.
pub(super) fn moved(code: &str) -> pb::ProposeInstitutionChangeRequest {
    let profile = Some(pb::InstitutionProfile { district: OTHER_DISTRICT.into(), ..profile() });
    of(pb::ProposeInstitutionChangeRequest { profile, ..change(Kind::Profile) }, code)
}

async fn confirming(refusals: &mut Refusals) {
    let suite = Suite::ready().await;
    let mut checker = suite.institutions(CHECKER);
    let proposed = async |change: pb::ProposeInstitutionChangeRequest| {
        suite.institutions(OFFICER).propose_institution_change(change.clone()).await.unwrap();
        confirm(&change.name)
    };
    let empty = pb::ConfirmInstitutionChangeRequest::default();
    refuse!(refusals, checker.confirm_institution_change(empty), InvalidArgument / "BAD_REQUEST");
    let unknown = confirm(&change(Kind::Exit).name);
    refuse!(refusals, checker.confirm_institution_change(unknown), NotFound / "CHANGE_NOT_FOUND");

    let moved = proposed(moved(HOSPITAL)).await;
    suite.signed(|_| {}).await;
    refuse!(refusals, checker.confirm_institution_change(moved), FailedPrecondition / "DISTRICT_BOUND");

    let until_the_20th = proposed(suspend(2016, 11, 20)).await;
    suite.date(2016, 11, 21).await;
    refuse!(
        refusals,
        checker.confirm_institution_change(until_the_20th),
        FailedPrecondition / "SUSPENSION_IN_PAST"
    );

    let (exit, again) = (proposed(change(Kind::Exit)).await, proposed(change(Kind::Exit)).await);
    // The officer's own name, in the checker's role.
    let same = suite.service.as_person(Role::AgencyOfficer.as_str_name(), Role::AgencyChecker);
    let mut same = InstitutionServiceClient::new(same);
    refuse!(refusals, same.confirm_institution_change(exit.clone()), PermissionDenied / "SAME_PERSON");
    checker.confirm_institution_change(exit.clone()).await.unwrap();
    let exit = confirm(&exit.name);
    refuse!(
        refusals,
        checker.confirm_institution_change(exit),
        FailedPrecondition / "CHANGE_ALREADY_CONFIRMED"
    );
    refuse!(refusals, checker.confirm_institution_change(again), FailedPrecondition / "INSTITUTION_STATE");
}

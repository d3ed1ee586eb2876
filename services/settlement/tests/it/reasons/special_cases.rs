use medfund_proto::auth::v1::Role;
use medfund_proto::settlement::v1 as pb;
use medfund_proto::settlement::v1::special_case_service_client::SpecialCaseServiceClient;
use medfund_testkit::Refusals;

use crate::bills::common::{CLINIC, HOSPITAL, new_id};
use crate::year::special_cases::dear_january;
use crate::year::support::*;

pub(super) const RPCS: [&str; 8] = [
    "RegisterExpert",
    "RetireExpert",
    "FileSpecialCase",
    "AnswerSpecialCase",
    "RecordExpertOpinion",
    "ProposeSpecialCaseOutcome",
    "DecideSpecialCaseOutcome",
    "GetSpecialCase",
];

const CASE: &str = "S0100020";

#[tokio::test(flavor = "multi_thread")]
async fn special_cases_are_refused_for_every_documented_reason() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    let suite = Box::pin(dear_january()).await;

    too_early(&suite, &mut refusals).await;
    experts(&suite, &mut refusals).await;
    filed(&suite, &mut refusals).await;
    heard(&suite, &mut refusals).await;
    too_late(&suite, &mut refusals).await;

    println!("{} refusals of special cases are as documented", refusals.all_provoked());
}

async fn too_early(suite: &Suite, refusals: &mut Refusals) {
    let (mut officer, mut checker) = (suite.special_cases(), suite.special_cases_checker());
    let mut hospital = suite.special_cases_of(HOSPITAL);
    refuse!(refusals, hospital.file_special_case(file(HOSPITAL, "S9")), NotFound / "BILL_NOT_FOUND");
    refuse!(
        refusals,
        hospital.file_special_case(file(HOSPITAL, CASE)),
        FailedPrecondition / "MONTH_NOT_SETTLED"
    );
    let get = pb::GetSpecialCaseRequest { name: case_name(CASE) };
    refuse!(refusals, officer.get_special_case(get), NotFound / "SPECIAL_CASE_NOT_FOUND");
    refuse!(
        refusals,
        officer.answer_special_case(answer(CASE, true, "\"1\"")),
        NotFound / "SPECIAL_CASE_NOT_FOUND"
    );
    let early = opinion(CASE, &expert_name("e2"), true);
    refuse!(refusals, officer.record_expert_opinion(early), NotFound / "SPECIAL_CASE_NOT_FOUND");
    let early = propose_case(CASE, 0, "\"1\"");
    refuse!(refusals, officer.propose_special_case_outcome(early), NotFound / "SPECIAL_CASE_NOT_FOUND");
    let early =
        decide_case(&pb::SpecialCase { name: case_name(CASE), etag: "\"1\"".into(), ..Default::default() });
    refuse!(refusals, checker.decide_special_case_outcome(early), NotFound / "SPECIAL_CASE_NOT_FOUND");
}

async fn experts(suite: &Suite, refusals: &mut Refusals) {
    let mut checker = suite.special_cases_checker();
    suite.experts(3).await;
    refuse!(refusals, checker.register_expert(register("e1", "")), AlreadyExists / "EXPERT_EXISTS");
    refuse!(refusals, checker.retire_expert(retire("e9")), NotFound / "EXPERT_NOT_FOUND");
    checker.retire_expert(retire("e3")).await.unwrap();
    refuse!(refusals, checker.retire_expert(retire("e3")), FailedPrecondition / "EXPERT_RETIRED");
}

/// Of twenty discharges one case may be filed.
async fn filed(suite: &Suite, refusals: &mut Refusals) {
    let (mut officer, mut hospital) = (suite.special_cases(), suite.special_cases_of(HOSPITAL));
    let name = format!("{PARENT}/institutions/{CLINIC}/bills/S0100002");
    let withdraw = pb::WithdrawBillRequest { name, reason: "误传".into(), request_id: new_id() };
    suite.bills_of(CLINIC).withdraw_bill(withdraw).await.unwrap();
    suite.after(1).await;
    suite.start(1).await.unwrap();
    let mut clinic = suite.special_cases_of(CLINIC);
    refuse!(
        refusals,
        clinic.file_special_case(file(CLINIC, "S0100002")),
        FailedPrecondition / "NOT_PAID_BY_POINTS"
    );
    hospital.file_special_case(file(HOSPITAL, CASE)).await.unwrap();
    refuse!(
        refusals,
        hospital.file_special_case(file(HOSPITAL, CASE)),
        AlreadyExists / "SPECIAL_CASE_EXISTS"
    );
    refuse!(
        refusals,
        hospital.file_special_case(file(HOSPITAL, "S0100001")),
        FailedPrecondition / "SPECIAL_CASE_QUOTA_SPENT"
    );
    refuse!(refusals, officer.answer_special_case(answer(CASE, true, "\"7\"")), Aborted / "ETAG_MISMATCH");
    // e1 is of the hospital, e3 has left.
    refuse!(
        refusals,
        officer.answer_special_case(answer(CASE, true, "\"1\"")),
        FailedPrecondition / "TOO_FEW_EXPERTS"
    );
    let early = opinion(CASE, &expert_name("e2"), true);
    refuse!(refusals, officer.record_expert_opinion(early), FailedPrecondition / "SPECIAL_CASE_STATE");
    let early = propose_case(CASE, 0, "\"1\"");
    refuse!(refusals, officer.propose_special_case_outcome(early), FailedPrecondition / "SPECIAL_CASE_STATE");
}

async fn heard(suite: &Suite, refusals: &mut Refusals) {
    let (mut officer, mut checker) = (suite.special_cases(), suite.special_cases_checker());
    for expert in ["e4", "e5"] {
        checker.register_expert(register(expert, CLINIC)).await.unwrap();
    }
    let case = suite.hear(CASE).await;
    refuse!(
        refusals,
        officer.answer_special_case(answer(CASE, false, &case.etag)),
        FailedPrecondition / "SPECIAL_CASE_STATE"
    );
    refuse!(
        refusals,
        checker.decide_special_case_outcome(decide_case(&case)),
        FailedPrecondition / "SPECIAL_CASE_STATE"
    );
    let other = opinion(CASE, &expert_name("e1"), true);
    refuse!(refusals, officer.record_expert_opinion(other), FailedPrecondition / "EXPERT_NOT_DRAWN");
    let early = propose_case(CASE, 0, &case.etag);
    refuse!(refusals, officer.propose_special_case_outcome(early), FailedPrecondition / "OPINIONS_MISSING");
    suite.opinions(&case, [true, false, false]).await;
    let again = opinion(CASE, &case.experts[0].expert, false);
    let heard = suite.special_case(CASE).await;
    refuse!(refusals, officer.record_expert_opinion(again), AlreadyExists / "OPINION_EXISTS");
    let dear = propose_case(CASE, 9_000_001, &heard.etag);
    refuse!(
        refusals,
        officer.propose_special_case_outcome(dear),
        FailedPrecondition / "REVIEWED_COST_TOO_HIGH"
    );
    let against = propose_case(CASE, 8_000_000, &heard.etag);
    refuse!(refusals, officer.propose_special_case_outcome(against), FailedPrecondition / "OPINIONS_AGAINST");
    let stale = propose_case(CASE, 0, "\"1\"");
    refuse!(refusals, officer.propose_special_case_outcome(stale), Aborted / "ETAG_MISMATCH");
    let proposed = suite.propose_case(CASE, 0).await;
    let stale = pb::DecideSpecialCaseOutcomeRequest { etag: "\"1\"".into(), ..decide_case(&proposed) };
    refuse!(refusals, checker.decide_special_case_outcome(stale), Aborted / "ETAG_MISMATCH");
    let maker = suite.service.as_person(Role::AgencyOfficer.as_str_name(), Role::AgencyChecker);
    let mut maker = SpecialCaseServiceClient::new(maker);
    refuse!(
        refusals,
        maker.decide_special_case_outcome(decide_case(&proposed)),
        PermissionDenied / "MAKER_IS_CHECKER"
    );
}

async fn too_late(suite: &Suite, refusals: &mut Refusals) {
    let (mut hospital, mut clinic) = (suite.special_cases_of(HOSPITAL), suite.special_cases_of(CLINIC));
    suite.months_from(2).await;
    refuse!(
        refusals,
        hospital.file_special_case(file(HOSPITAL, "S0100001")),
        FailedPrecondition / "FILING_CLOSED"
    );
    suite.open_pool_clearing().await;
    suite.decide_proposed(&suite.special_case(CASE).await).await;
    let plan = suite.propose().await;
    suite.clear_by("human_resources", &plan, 13).await;
    refuse!(
        refusals,
        clinic.file_special_case(file(CLINIC, "S0100001")),
        FailedPrecondition / "YEAR_CLEARED"
    );
}

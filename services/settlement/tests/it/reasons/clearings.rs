use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as budget;
use medfund_proto::google::r#type::Date;
use medfund_proto::settlement::v1 as pb;
use medfund_testkit::{AREA, Refusals};

use crate::bills::common::HOSPITAL;
use crate::year::support::*;

pub(super) const RPCS: [&str; 4] = ["ProposeClearing", "DecideClearing", "ApproveClearing", "GetClearing"];

#[tokio::test(flavor = "multi_thread")]
async fn clearings_are_refused_for_every_documented_reason() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    let suite = Suite::deaf().await;
    let mut officer = suite.officer();
    refuse!(refusals, officer.propose_clearing(propose(true)), FailedPrecondition / "FUND_YEAR_NOT_OPEN");
    drop(suite);
    let suite = Suite::with_quotas().await;

    too_early(&suite, &mut refusals).await;
    let etag = decided_on(&suite, &mut refusals).await;
    approved(&suite, &mut refusals, &etag).await;
    drop(suite);
    Box::pin(unreviewed(&mut refusals)).await;
    Box::pin(undecided(&mut refusals)).await;

    println!("{} refusals of clearings are as documented", refusals.all_provoked());
}

async fn too_early(suite: &Suite, refusals: &mut Refusals) {
    let (mut officer, mut city) = (suite.officer(), suite.city());
    let get = pb::GetClearingRequest { name: clearing_name() };
    refuse!(refusals, officer.get_clearing(get), NotFound / "CLEARING_NOT_FOUND");
    let nobody = decide(&decision_name(7), "\"1\"");
    refuse!(refusals, officer.decide_clearing(nobody), NotFound / "CLEARING_NOT_FOUND");
    refuse!(refusals, city.approve_clearing(approve_clearing("\"1\"")), NotFound / "CLEARING_NOT_FOUND");
    refuse!(refusals, officer.propose_clearing(propose(true)), FailedPrecondition / "CLEARING_NOT_OPEN");
    suite.open_reserve(100_000).await;
    refuse!(refusals, officer.propose_clearing(propose(true)), FailedPrecondition / "MONTH_NOT_SETTLED");
    officer.pay_working_capital(working_capital()).await.unwrap();
    suite.empty_months().await;
    refuse!(refusals, officer.propose_clearing(propose(true)), FailedPrecondition / "INDICATORS_UNKNOWN");
    suite.indicators_met().await;
}

async fn unreviewed(refusals: &mut Refusals) {
    let suite = Suite::with_quotas_under(&pack_of_months()).await;
    let mut officer = suite.officer();
    suite.month(1, 1, 1).await;
    suite.months_from(2).await;
    suite.open_clearing(0).await;
    refuse!(refusals, officer.propose_clearing(propose(true)), FailedPrecondition / "REVIEW_UNKNOWN");
}

/// A case of December is filed when the clearing is decided already.
async fn undecided(refusals: &mut Refusals) {
    let suite = Box::pin(Suite::with_pool()).await;
    suite.date(2017, 12, 28).await;
    suite.send(HOSPITAL, 12, (1..=20).map(|n| stay(HOSPITAL, 12, n)).collect()).await;
    suite.months_from(1).await;
    suite.open_pool_clearing().await;
    let plan = suite.propose().await;
    let decision = suite.decision_by("human_resources", 14, true).await;
    let decided = suite.officer().decide_clearing(decide(&decision, &plan.etag)).await.unwrap().into_inner();
    let mut hospital = suite.special_cases_of(HOSPITAL);
    hospital.file_special_case(file(HOSPITAL, "S1200001")).await.unwrap();
    let (mut officer, mut city) = (suite.officer(), suite.city());
    refuse!(refusals, officer.propose_clearing(propose(true)), FailedPrecondition / "SPECIAL_CASES_OPEN");
    let approve = approve_clearing(&decided.clearing.unwrap().etag);
    refuse!(refusals, city.approve_clearing(approve), FailedPrecondition / "SPECIAL_CASES_OPEN");
}

/// Proposes, and provokes what a decision and a second proposal are refused for; returns the decided plan's etag.
async fn decided_on(suite: &Suite, refusals: &mut Refusals) -> String {
    let (mut officer, mut city) = (suite.officer(), suite.city());
    let plan = suite.propose().await;
    refuse!(refusals, officer.propose_clearing(propose(false)), AlreadyExists / "CLEARING_EXISTS");
    let early = approve_clearing(&plan.etag);
    refuse!(refusals, city.approve_clearing(early), FailedPrecondition / "CLEARING_STATE");
    let unknown = decide(&decision_name(7), &plan.etag);
    refuse!(refusals, officer.decide_clearing(unknown), FailedPrecondition / "DECISION_UNKNOWN");
    let other = budget::DecisionRecorded {
        decision: decision_name(8),
        body: "local_joint_meeting".into(),
        matter: "target".into(),
        district: DISTRICT.into(),
        fund_year: 2017,
        subject: String::new(),
        approved: true,
        meeting_date: Some(Date { year: 2018, month: 2, day: 1 }),
    };
    suite.budget.emit(AREA, &other).await;
    let no = suite.decision(9, false).await;
    let unsuitable = decide(&decision_name(8), &plan.etag);
    refuse!(refusals, officer.decide_clearing(unsuitable), FailedPrecondition / "DECISION_UNSUITABLE");
    refuse!(refusals, officer.decide_clearing(decide(&no, "\"5\"")), Aborted / "ETAG_MISMATCH");
    officer.decide_clearing(decide(&no, &plan.etag)).await.unwrap();

    // Rejected: proposed anew, and this time decided.
    let plan = suite.propose().await;
    let yes = suite.decision(10, true).await;
    let decided = officer.decide_clearing(decide(&yes, &plan.etag)).await.unwrap().into_inner();
    let etag = decided.clearing.unwrap().etag;
    refuse!(refusals, officer.decide_clearing(decide(&yes, &etag)), FailedPrecondition / "CLEARING_STATE");
    etag
}

async fn approved(suite: &Suite, refusals: &mut Refusals, etag: &str) {
    let (mut officer, mut city) = (suite.officer(), suite.city());
    refuse!(refusals, city.approve_clearing(approve_clearing("\"1\"")), Aborted / "ETAG_MISMATCH");
    let proposer = suite.service.as_person(Role::AgencyOfficer.as_str_name(), Role::CityAgency);
    let mut proposer = Client::new(proposer);
    let own = approve_clearing(etag);
    refuse!(refusals, proposer.approve_clearing(own), PermissionDenied / "MAKER_IS_CHECKER");

    // The working capital goes to the bank after the plan was made without it.
    let exported = suite.export_orders().await;
    refuse!(
        refusals,
        city.approve_clearing(approve_clearing(etag)),
        FailedPrecondition / "PREPAYMENT_UNDER_WAY"
    );
    refuse!(refusals, officer.propose_clearing(propose(false)), FailedPrecondition / "PREPAYMENT_UNDER_WAY");
    officer.record_payment_results(results(&exported)).await.unwrap();
    refuse!(
        refusals,
        city.approve_clearing(approve_clearing(etag)),
        FailedPrecondition / "CLEARING_OUTDATED"
    );

    // What the facts outran is proposed anew, decided and approved.
    let plan = suite.propose().await;
    assert_eq!(plan.institutions.iter().map(|one| one.working_capital_fen).sum::<i64>(), 960_000);
    let cleared = suite.clear(&plan, 11).await;
    assert_eq!(cleared.reserve_returned_fen, 100_000);
    refuse!(refusals, officer.propose_clearing(propose(false)), AlreadyExists / "CLEARING_EXISTS");
    assert_eq!(suite.balance("transit/budget/settlement/2017/employee").await, 0);
}

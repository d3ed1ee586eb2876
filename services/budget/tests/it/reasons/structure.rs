use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::types::v1::KindOfCare;
use medfund_testkit::Refusals;
use tonic::Code;

use super::PRECONDITION;
use crate::lived::Year;
use crate::pooled::{self, POOLED, adjust_pool, decide_structure, propose_structure, propose_target, share};
use crate::requests::{KEY, decision_name, open_clearing};
use crate::support::PACKAGE;

pub(super) const RPCS: [&str; 4] = ["ProposeStructure", "DecideStructure", "GetStructure", "AdjustPool"];

#[tokio::test]
async fn structures_and_pools_are_refused_as_documented() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    let year = Box::pin(Year::open()).await;
    Box::pin(before_there_is_one(&year, &mut refusals)).await;
    Box::pin(shares(&year, &mut refusals)).await;
    Box::pin(decisions(&year, &mut refusals)).await;
    Box::pin(adjustments(&year, &mut refusals)).await;
    refusals.all_provoked();
}

async fn before_there_is_one(year: &Year, refusals: &mut Refusals) {
    let (mut officer, mut checker) = (year.officer(), year.checker());
    let closed = "FUND_YEAR_NOT_OPEN";
    let answer = officer.propose_structure(propose_structure(POOLED)).await;
    refusals.expect("propose_structure", answer, PRECONDITION, closed);
    let answer = officer.adjust_pool(adjust_pool(POOLED, 1, &decision_name(), "\"1\"")).await;
    refusals.expect("adjust_pool", answer, PRECONDITION, closed);

    pooled::open(&year.budget, POOLED).await;
    let missing = (Code::NotFound, "STRUCTURE_NOT_FOUND");
    let get = pb::GetStructureRequest { name: POOLED.name("structures") };
    refusals.expect("get_structure", officer.get_structure(get).await, missing.0, missing.1);
    let answer = checker.decide_structure(decide_structure(POOLED, &decision_name(), "\"1\"")).await;
    refusals.expect("decide_structure", answer, missing.0, missing.1);
    let answer = officer.adjust_pool(adjust_pool(POOLED, 1, &decision_name(), "\"1\"")).await;
    refusals.expect("adjust_pool", answer, missing.0, missing.1);

    let answer = officer.propose_structure(propose_structure(POOLED)).await;
    refusals.expect("propose_structure", answer, PRECONDITION, "TARGET_NOT_DECIDED");
    year.decide_target(KEY).await;
    let answer = officer.propose_structure(propose_structure(KEY)).await;
    refusals.expect("propose_structure", answer, PRECONDITION, "WRONG_REGIME");
    year.approve_budget(POOLED).await;
    year.put_into_force(POOLED, propose_target(POOLED)).await;
}

async fn shares(year: &Year, refusals: &mut Refusals) {
    use KindOfCare::{GeneralOutpatient, HomeSickbed, Inpatient};
    let mut officer = year.officer();
    for (shares, reason) in [
        // Home sickbeds are paid beside the target.
        (vec![(Inpatient, "0.9"), (HomeSickbed, "0.1")], "UNKNOWN_CARE"),
        (vec![(Inpatient, "0.5"), (Inpatient, "0.5")], "UNKNOWN_CARE"),
        (vec![(Inpatient, "0.9")], "SHARES_NOT_WHOLE"),
        (vec![(Inpatient, "0.8"), (GeneralOutpatient, "0.2")], "SHARE_OUT_OF_BOUND"),
    ] {
        let shares = shares.into_iter().map(|(care, of)| share(care, of)).collect();
        let request = pb::ProposeStructureRequest { shares, ..propose_structure(POOLED) };
        let answer = officer.propose_structure(request).await;
        refusals.expect("propose_structure", answer, PRECONDITION, reason);
    }
}

async fn decisions(year: &Year, refusals: &mut Refusals) {
    let (mut officer, mut checker) = (year.officer(), year.checker());
    officer.propose_structure(propose_structure(POOLED)).await.unwrap();
    let decision = year.decided(POOLED, "structure").await;
    let decide = |decision: &str, etag| decide_structure(POOLED, decision, etag);
    let answer = checker.decide_structure(decide(&decision, "\"7\"")).await;
    refusals.expect("decide_structure", answer, Code::Aborted, "ETAG_MISMATCH");
    let mut same = year.officer_as(Role::AgencyChecker);
    let answer = same.decide_structure(decide(&decision, "\"1\"")).await;
    refusals.expect("decide_structure", answer, Code::PermissionDenied, "SAME_PERSON");
    let answer = checker.decide_structure(decide(&decision_name(), "\"1\"")).await;
    refusals.expect("decide_structure", answer, PRECONDITION, "DECISION_UNKNOWN");
    let other = year.decided(POOLED, "target").await;
    let answer = checker.decide_structure(decide(&other, "\"1\"")).await;
    refusals.expect("decide_structure", answer, PRECONDITION, "DECISION_MISMATCH");
    let adjusted = year.decided(POOLED, "adjustment").await;
    let answer = officer.adjust_pool(adjust_pool(POOLED, 1, &adjusted, "\"1\"")).await;
    refusals.expect("adjust_pool", answer, PRECONDITION, "WRONG_STATE");

    checker.decide_structure(decide(&decision, "\"1\"")).await.unwrap();
    let answer = checker.decide_structure(decide(&decision, "\"2\"")).await;
    refusals.expect("decide_structure", answer, PRECONDITION, "WRONG_STATE");
    let answer = officer.propose_structure(propose_structure(POOLED)).await;
    refusals.expect("propose_structure", answer, PRECONDITION, "WRONG_STATE");
}

async fn adjustments(year: &Year, refusals: &mut Refusals) {
    let mut officer = year.officer();
    let decision = year.decided(POOLED, "adjustment").await;
    let adjust = |change| adjust_pool(POOLED, change, &decision, "\"2\"");
    let unknown = pb::AdjustPoolRequest { reason: "weather".to_owned(), ..adjust(1) };
    let quota = pb::AdjustPoolRequest { kind_of_care: KindOfCare::GeneralOutpatient.into(), ..adjust(1) };
    let late = pb::AdjustPoolRequest { etag: "\"1\"".to_owned(), ..adjust(1) };
    for (request, code, reason) in [
        (unknown, PRECONDITION, "UNKNOWN_REASON"),
        (quota, PRECONDITION, "WRONG_REGIME"),
        (late, Code::Aborted, "ETAG_MISMATCH"),
        (adjust(3_529), PRECONDITION, "ADJUSTMENT_INSUFFICIENT"),
        (adjust(-67_033), PRECONDITION, "POOL_INSUFFICIENT"),
    ] {
        refusals.expect("adjust_pool", officer.adjust_pool(request).await, code, reason);
    }
    let answer = officer.adjust_pool(adjust_pool(POOLED, 1, &decision_name(), "\"2\"")).await;
    refusals.expect("adjust_pool", answer, PRECONDITION, "DECISION_UNKNOWN");
    let other = year.decided(POOLED, "target").await;
    let answer = officer.adjust_pool(adjust_pool(POOLED, 1, &other, "\"2\"")).await;
    refusals.expect("adjust_pool", answer, PRECONDITION, "DECISION_MISMATCH");

    year.put_quotas_into_force(POOLED).await;
    year.budget.given_date(2019, 1, 20).await;
    officer.open_clearing(open_clearing(POOLED)).await.unwrap();
    let answer = officer.adjust_pool(adjust(1)).await;
    refusals.expect("adjust_pool", answer, PRECONDITION, "CLEARING_OPEN");
}

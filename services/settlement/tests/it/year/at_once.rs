use medfund_proto::budget::v1 as budget;
use medfund_proto::settlement::v1 as pb;
use medfund_testkit::AREA;

use super::support::*;
use crate::bills::common::{CLINIC, HOSPITAL, new_id, reason};

/// An institution that is admitted in February.
const LATER: &str = "H44070300077";

#[tokio::test(flavor = "multi_thread")]
async fn a_month_that_two_start_at_once_runs_once() {
    let suite = Suite::with_quotas().await;
    suite.date(2017, 1, 20).await;
    suite.bills(HOSPITAL, 1, 4, 100_000).await;
    suite.after(1).await;

    let (one, other) = tokio::join!(suite.start(1), suite.start(1));

    assert_eq!(one.unwrap().payable_fen, other.unwrap().payable_fen);
    assert_eq!(suite.start(1).await.unwrap().n_statements, 4);
    assert_eq!(suite.statement(1, HOSPITAL).await.payable_fen, 320_000);
    assert_eq!(suite.statement(1, CLINIC).await.payable_fen, 0);
    assert_eq!(suite.balance("payable/employee").await, 320_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_after_a_month_was_settled_sends_no_bills_of_it() {
    let suite = Suite::with_quotas().await;
    suite.month(1, 1, 0).await;
    suite.agreement.emit(AREA, &institution(LATER, true)).await;
    suite.heard().await;
    let request = |month| pb::StartUploadRequest {
        parent: PARENT.into(),
        institution_code: LATER.into(),
        settlement_month: month_of(month),
        file_digest: "07".repeat(32),
        n_lines: 1,
        request_id: new_id(),
    };

    let refused = suite.bills_of(LATER).start_upload(request(1)).await.unwrap_err();

    assert_eq!(reason(&refused), "MONTH_CLOSED");
    suite.bills_of(LATER).start_upload(request(2)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_that_is_adjusted_while_a_month_is_settled_leaves_nothing_in_the_wrong_account() {
    let suite = Suite::with_quotas().await;
    suite.date(2017, 1, 20).await;
    suite.bills(HOSPITAL, 1, 2, 100_000).await;
    suite.after(1).await;
    let adjusted = budget::QuotaAdjusted {
        fund_year: 2017,
        fund_line: LINE.into(),
        district: DISTRICT.into(),
        decision: decision_name(4),
        institution_code: HOSPITAL.into(),
        change_fen: -8_900_000,
        adjusted_quota_fen: 100_000,
        ..Default::default()
    };

    let (run, ()) = tokio::join!(suite.start(1), suite.budget.emit(AREA, &adjusted));

    run.unwrap();
    suite.heard().await;
    // 160,000 payable of 100,000, whichever came first.
    let account = |kind: &str| format!("{kind}/2017/{LINE}/{DISTRICT}/{HOSPITAL}");
    assert_eq!(suite.balance(&account("quota")).await, 0);
    assert_eq!(suite.balance(&account("overspend")).await, -60_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_propose_a_clearing_at_once_one_is_told_that_it_exists() {
    let suite = Suite::with_quotas().await;
    suite.empty_months().await;
    suite.open_clearing(1_000).await;
    let (mut one, mut other) = (suite.officer(), suite.officer());

    let answers = tokio::join!(one.propose_clearing(propose(false)), other.propose_clearing(propose(false)));

    let (proposed, refused) = match answers {
        (Ok(proposed), Err(refused)) | (Err(refused), Ok(proposed)) => (proposed, refused),
        both => panic!("{both:?}"),
    };
    assert_eq!(reason(&refused), "CLEARING_EXISTS");

    // And of two who approve it, one finds it approved.
    let plan = proposed.into_inner().clearing.unwrap();
    let decision = suite.decision(5, true).await;
    let decided = suite.officer().decide_clearing(decide(&decision, &plan.etag)).await.unwrap().into_inner();
    let etag = decided.clearing.unwrap().etag;
    let (mut one, mut other) = (suite.city(), suite.city());
    let (first, second) = (approve_clearing(&etag), approve_clearing(&etag));
    let answers = tokio::join!(one.approve_clearing(first), other.approve_clearing(second));
    let refused = match answers {
        (Ok(_), Err(refused)) | (Err(refused), Ok(_)) => refused,
        both => panic!("{both:?}"),
    };
    assert_eq!(reason(&refused), "ETAG_MISMATCH");
    assert_eq!(suite.balance("transit/budget/settlement/2017/employee").await, 0);
}

use medfund_proto::budget::v1 as pb;
use medfund_testkit::Refusals;
use tonic::Code;

use super::{BAD, PRECONDITION, lenient, open_next_year};
use crate::lived::Year;
use crate::requests::{HOSPITAL, KEY, OTHER, adjust_quota, decision_name, open_clearing};
use crate::support::{PACKAGE, request_id};

pub(super) const RPCS: [&str; 4] = ["AdjustQuota", "ListQuotaAdjustments", "GetReserve", "GetExecution"];

#[tokio::test]
async fn adjustments_and_what_they_draw_on_are_refused_as_documented() {
    let mut refusals = Refusals::of(PACKAGE, &RPCS);
    let year = Box::pin(Year::open()).await;
    let mut officer = year.officer();
    let get = pb::GetReserveRequest { name: KEY.name("reserves") };
    refusals.expect("get_reserve", officer.get_reserve(get).await, Code::NotFound, "RESERVE_NOT_FOUND");
    let get = pb::GetExecutionRequest { name: KEY.name("executions") };
    refusals.expect("get_execution", officer.get_execution(get).await, Code::NotFound, "TARGET_NOT_FOUND");
    let list = pb::ListQuotaAdjustmentsRequest {
        parent: KEY.name("decompositions"),
        page_size: -1,
        ..Default::default()
    };
    let answer = officer.list_quota_adjustments(list).await;
    refusals.expect("list_quota_adjustments", answer, BAD.0, BAD.1);

    Box::pin(year.decide_quotas(KEY)).await;
    Box::pin(adjustments(&year, &mut refusals)).await;
    let next = open_next_year(&year, &lenient()).await;
    Box::pin(year.decide_quotas(next)).await;
    // A tenth of 532.50 yuan.
    let over = adjust_quota(next, HOSPITAL, 5_326, &year.decided(next, "adjustment").await);
    refusals.expect("adjust_quota", officer.adjust_quota(over).await, PRECONDITION, "CHANGE_OVER_MAX");
    refusals.all_provoked();
}

async fn adjustments(year: &Year, refusals: &mut Refusals) {
    let mut officer = year.officer();
    let decision = year.decided(KEY, "adjustment").await;
    let adjust = |change_fen| adjust_quota(KEY, HOSPITAL, change_fen, &decision);
    let weather = pb::AdjustQuotaRequest { reason: "weather".to_owned(), ..adjust(1) };
    let cases = [
        (adjust_quota(OTHER, HOSPITAL, 1, &decision), PRECONDITION, "FUND_YEAR_NOT_OPEN"),
        (adjust_quota(KEY, "H44070399999", 1, &decision), Code::NotFound, "QUOTA_NOT_FOUND"),
        (weather, PRECONDITION, "UNKNOWN_REASON"),
        // 90 yuan are planned, 18 of them kept for primary care.
        (adjust(7_201), PRECONDITION, "RESERVE_INSUFFICIENT"),
        (adjust(-53_251), PRECONDITION, "QUOTA_INSUFFICIENT"),
        (adjust_quota(KEY, HOSPITAL, 1, &decision_name()), PRECONDITION, "DECISION_UNKNOWN"),
        (
            adjust_quota(KEY, HOSPITAL, 1, &year.decided(KEY, "target").await),
            PRECONDITION,
            "DECISION_MISMATCH",
        ),
    ];
    for (request, code, reason) in cases {
        refusals.expect("adjust_quota", officer.adjust_quota(request).await, code, reason);
    }
    let taken = adjust(1);
    officer.adjust_quota(taken.clone()).await.unwrap();
    let taken = pb::AdjustQuotaRequest { request_id: request_id(), ..taken };
    let answer = officer.adjust_quota(taken).await;
    refusals.expect("adjust_quota", answer, Code::AlreadyExists, "ADJUSTMENT_EXISTS");

    year.budget.given_date(2018, 1, 2).await;
    officer.open_clearing(open_clearing(KEY)).await.unwrap();
    refusals.expect("adjust_quota", officer.adjust_quota(adjust(1)).await, PRECONDITION, "CLEARING_OPEN");
}

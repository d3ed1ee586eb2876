//! Several districts of one area: each has its own target, quotas, reserve and clearing.

use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use tonic::Code;

use super::lived::{Year, settled};
use super::requests::{self, HOSPITAL, KEY, Key, OTHER, OTHER_HOSPITAL, allot_primary_care, close_accounts};
use super::support::{AREA, PACK, YEAR, expect_refusal, request_id};

const PRECONDITION: Code = Code::FailedPrecondition;

#[tokio::test]
async fn each_district_decomposes_its_own_target_among_its_own_institutions() {
    let year = Box::pin(Year::of_two_districts()).await;
    let smaller = pb::ProposeBudgetRequest { expenditure_fen: 60_000, ..requests::propose_budget(OTHER) };
    Box::pin(year.approve(OTHER, smaller)).await;
    Box::pin(year.decide_quotas(KEY)).await;
    let answer = year.officer().propose_decomposition(requests::propose_decomposition(OTHER)).await;
    expect_refusal(answer, PRECONDITION, "TARGET_NOT_DECIDED");
    Box::pin(year.put_target_into_force(OTHER)).await;
    Box::pin(year.put_quotas_into_force(OTHER)).await;

    // 600 less a tenth, 110 and plus 10 yuan leave 440; the floor is a quarter.
    for (key, quotas) in [(KEY, [17_750, 53_250]), (OTHER, [11_000, 33_000])] {
        let found = year.decomposition(key).await;
        let codes: Vec<&str> = found.quotas.iter().map(|quota| quota.institution_code.as_str()).collect();
        assert_eq!(codes, key.institutions());
        let fen: Vec<i64> = found.quotas.iter().map(|quota| quota.quota_fen).collect();
        assert_eq!(fen, quotas);
        assert_eq!(found.target_fen, fen.iter().sum::<i64>());
        assert_eq!(year.balance(&key.account("transit/budget/settlement")).await, found.target_fen);
        assert_eq!(year.balance(&key.account("target")).await, 0, "the quotas have left the target");
    }
    let parent = |key: Key| key.name("decompositions");
    let list = pb::ListHistoriesRequest { parent: parent(OTHER), ..Default::default() };
    let listed = year.officer().list_histories(list).await.unwrap().into_inner().histories;
    let names: Vec<String> = listed.into_iter().map(|history| history.name).collect();
    assert_eq!(names, OTHER.institutions().map(|code| OTHER.of("histories", code)));
}

#[tokio::test]
async fn a_decision_of_one_district_does_not_hold_in_another_but_the_city_s_holds_in_all() {
    let year = Box::pin(Year::of_two_districts()).await;
    Box::pin(year.approve_budget(KEY)).await;
    Box::pin(year.approve_budget(OTHER)).await;
    let target = requests::propose_target(OTHER);
    let etag = year.officer().propose_target(target).await.unwrap().into_inner().target.unwrap().etag;
    let local = year.decided(KEY, "target").await;
    let answer = year.checker().decide_target(requests::decide_target(OTHER, &local, &etag)).await;
    expect_refusal(answer, PRECONDITION, "DECISION_MISMATCH");

    Box::pin(year.put_target_into_force(KEY)).await;
    Box::pin(year.put_target_into_force(OTHER)).await;
    let city = year.decided(KEY, "decomposition").await;
    for key in [KEY, OTHER] {
        Box::pin(year.put_quotas_into_force_by(key, &city)).await;
        let found = year.decomposition(key).await;
        assert_eq!((found.state(), found.decision), (pb::decomposition::State::Decided, city.clone()));
    }
}

#[tokio::test]
async fn an_adjustment_draws_on_its_own_district_s_reserve() {
    let year = Box::pin(Year::of_two_districts()).await;
    Box::pin(year.decide_quotas(KEY)).await;
    Box::pin(year.decide_quotas(OTHER)).await;
    let decision = year.decided(OTHER, "adjustment").await;
    let elsewhere = requests::adjust_quota(OTHER, HOSPITAL, 100, &decision);
    expect_refusal(year.officer().adjust_quota(elsewhere).await, Code::NotFound, "QUOTA_NOT_FOUND");
    let own = requests::adjust_quota(OTHER, OTHER_HOSPITAL, 100, &decision);
    year.officer().adjust_quota(own).await.unwrap();
    assert_eq!((year.reserve(KEY).await.drawn_fen, year.reserve(OTHER).await.drawn_fen), (0, 100));

    let parent = KEY.name("decompositions");
    let list = pb::ListQuotaAdjustmentsRequest { parent, ..Default::default() };
    let listed = year.officer().list_quota_adjustments(list).await.unwrap().into_inner();
    assert_eq!(listed.quota_adjustments, []);
}

#[tokio::test]
async fn execution_counts_the_district_s_own_months() {
    let year = Box::pin(Year::of_two_districts()).await;
    Box::pin(year.decide_quotas(KEY)).await;
    Box::pin(year.decide_quotas(OTHER)).await;
    year.settlement.emit(AREA, &settled(KEY, HOSPITAL, 1, 30_000)).await;
    year.settlement.emit(AREA, &settled(OTHER, OTHER_HOSPITAL, 1, 4_000)).await;
    year.budget.0.until_caught_up_with(year.settlement.service()).await;
    for (key, payable_fen, n_warnings) in [(KEY, 30_000, 2), (OTHER, 4_000, 0)] {
        let request = pb::GetExecutionRequest { name: key.name("executions") };
        let found = year.officer().get_execution(request).await.unwrap().into_inner().execution.unwrap();
        assert_eq!((found.payable_fen, found.warnings.len()), (payable_fen, n_warnings), "{}", key.district);
    }
}

#[tokio::test]
async fn what_is_kept_for_primary_care_waits_for_all_districts_and_goes_to_those_that_raised_their_funding() {
    let year = Box::pin(Year::of_two_districts()).await;
    Box::pin(year.decide_quotas(KEY)).await;
    Box::pin(year.decide_quotas(OTHER)).await;
    year.budget.given_date(2018, 1, 20).await;
    year.clear(KEY).await;
    let decision = year.decided(KEY, "primary_care_allotment").await;
    let allot = |increases| allot_primary_care(KEY, increases, &decision);
    let raised = [(KEY.district, 100), (OTHER.district, 300)];
    let answer = year.officer().allot_primary_care(allot(&raised)).await;
    expect_refusal(answer, PRECONDITION, "CLEARING_NOT_APPROVED");
    let answer = year.officer().close_accounts(close_accounts(OTHER, "")).await;
    expect_refusal(answer, PRECONDITION, "CLEARING_NOT_APPROVED");

    year.clear(OTHER).await;
    let allotted = year.officer().allot_primary_care(allot(&raised)).await.unwrap().into_inner();
    // Each kept 18 yuan; a quarter and three quarters of 36.
    let shares: Vec<i64> =
        allotted.primary_care_allotment.unwrap().districts.iter().map(|one| one.allotted_fen).collect();
    assert_eq!(shares, [900, 2_700]);
    for (key, share) in [(KEY, 900), (OTHER, 2_700)] {
        assert_eq!(year.balance(&key.account("primary_care")).await, share);
        assert_eq!(
            year.explained(key.name("primaryCareAllotments")).await.root.unwrap().value,
            share.to_string()
        );
        let close = close_accounts(key, &year.decided(key, "final_accounts").await);
        let closed = year.checker().close_accounts(close).await.unwrap().into_inner().final_account.unwrap();
        assert_eq!(closed.primary_care_fen, share);
        assert_eq!(year.balance(&key.account("transit/budget/settlement")).await, 0);
    }
}

#[tokio::test]
async fn what_no_district_took_rolls_into_the_next_year_and_is_allotted_with_its_own() {
    let year = Box::pin(Year::of_two_districts()).await;
    Box::pin(year.decide_quotas(KEY)).await;
    Box::pin(year.decide_quotas(OTHER)).await;
    year.budget.given_date(2018, 1, 20).await;
    year.clear(KEY).await;
    year.clear(OTHER).await;
    let decision = year.decided(KEY, "primary_care_allotment").await;
    let nobody = year.officer().allot_primary_care(allot_primary_care(KEY, &[], &decision)).await.unwrap();
    let nobody = nobody.into_inner().primary_care_allotment.unwrap();
    assert_eq!((nobody.allotted_fen, nobody.rolled_out_fen, nobody.lapsed_fen), (0, 3_600, 0));

    let next = Key { year: 2018, ..KEY };
    open_2018_with(&year, next).await;
    Box::pin(year.decide_quotas(next)).await;
    year.budget.given_date(2019, 1, 20).await;
    year.clear(next).await;
    let decision = year.decided(next, "primary_care_allotment").await;
    let allot = allot_primary_care(next, &[(next.district, 1)], &decision);
    let both = year.officer().allot_primary_care(allot).await.unwrap().into_inner();
    let both = both.primary_care_allotment.unwrap();
    assert_eq!((both.rolled_in_fen, both.earmark_fen, both.allotted_fen), (3_600, 1_800, 5_400));
    // What 2017 kept has left the reserves of 2017, of both districts.
    for key in [KEY, OTHER, next] {
        assert_eq!(year.reserve(key).await.primary_care_fen, 1_800, "{} {}", key.year, key.district);
    }
    assert_eq!(year.balance(&next.account("primary_care")).await, 5_400);
}

/// Opens the fund year 2018 under the same rules with one district.
async fn open_2018_with(year: &Year, key: Key) {
    let pack = year.budget.given_published(&format!("{PACK}\n# 2018\n")).await;
    let request = pb::OpenFundYearRequest {
        name: YEAR.replace("2017", "2018"),
        pack_hash: pack.pack_hash,
        districts: vec![key.district.to_owned()],
        request_id: request_id(),
    };
    year.budget.calendar(Role::CalendarKeeper).open_fund_year(request).await.unwrap();
}

use diesel_async::SimpleAsyncConnection;
use medfund_proto::auth::v1::Role;
use medfund_proto::budget::v1 as pb;
use medfund_proto::settlement::v1::PaymentCompleted;
use tonic::Code;

use super::lived::{Year, approved, paid, settled};
use super::requests::{self, HOSPITAL, KEY, PRIMARY};
use super::support::{AREA, YEAR, expect_refusal};

#[tokio::test]
async fn the_target_is_the_budget_less_deductions_and_reserve_and_is_posted() {
    let year = Year::with_target().await;
    let request = pb::GetTargetRequest { name: KEY.name("targets") };
    let target = year.officer().get_target(request).await.unwrap().into_inner().target.unwrap();
    assert_eq!((target.budget_fen, target.reserve_fen, target.target_fen), (90_000, 9_000, 71_000));
    assert_eq!(target.deductions.len(), 7);
    assert_eq!(target.primary_care_earmark_fen, 1_800);

    assert_eq!(year.balance(&KEY.account("target")).await, 71_000);
    assert_eq!(year.balance(&KEY.account("reserve")).await, 9_000);
    assert_eq!(year.balance(&KEY.account("budget")).await, -91_000);
    let tree = year.explained(KEY.name("targets")).await;
    assert_eq!((tree.policy_pack.as_str(), tree.root.unwrap().value.as_str()), ("jiangmen-2016", "71000"));
}

#[tokio::test]
async fn quotas_add_up_to_the_target_and_hold_the_primary_floor() {
    let year = Year::with_quotas().await;
    let found = year.decomposition(KEY).await;
    // 1,000 × 0.95 against 9,000 × 1.05 is less than the floor of a quarter.
    assert_eq!((found.primary_floor_fen, found.floor_applied), (17_750, true));
    let quotas: Vec<i64> = found.quotas.iter().map(|quota| quota.quota_fen).collect();
    assert_eq!(quotas, [17_750, 53_250]);
    assert_eq!(found.quotas[0].coefficient, "0.95");

    assert_eq!(year.balance(&KEY.account("transit/budget/settlement")).await, 71_000);
    for (code, value) in [(PRIMARY, "17750"), (HOSPITAL, "53250")] {
        assert_eq!(year.explained(KEY.of("quotas", code)).await.root.unwrap().value, value);
    }
    let floor = format!("{}/primaryFloor", KEY.name("decompositions"));
    assert_eq!(year.explained(floor).await.root.unwrap().value, "17750");
}

#[tokio::test]
async fn a_dry_run_computes_the_same_and_keeps_nothing() {
    let year = Year::with_budget().await;
    let dry = pb::ProposeTargetRequest { validate_only: true, ..requests::propose_target(KEY) };
    let computed = year.officer().propose_target(dry).await.unwrap().into_inner().target.unwrap();
    assert_eq!(computed.target_fen, 71_000);
    let get = pb::GetTargetRequest { name: KEY.name("targets") };
    expect_refusal(year.officer().get_target(get).await, Code::NotFound, "TARGET_NOT_FOUND");
}

#[tokio::test]
async fn negotiation_changes_quotas_only_through_recorded_coefficients() {
    let year = Year::with_target().await;
    year.record_histories(KEY).await;
    let round = requests::record_round(KEY, 1);
    let held = year.officer().record_negotiation_round(round).await.unwrap().into_inner();

    let dry = pb::ProposeDecompositionRequest { validate_only: true, ..requests::propose_decomposition(KEY) };
    let found = year.officer().propose_decomposition(dry).await.unwrap().into_inner().decomposition.unwrap();
    // 1.05 × 1.1
    assert_eq!(found.quotas[1].coefficient, "1.155");
    let tree = year.explained(KEY.of("coefficients", HOSPITAL)).await;
    assert_eq!(tree.root.unwrap().value, "1.155");
    let parent = KEY.name("decompositions");
    let list = pb::ListNegotiationRoundsRequest { parent, ..Default::default() };
    let listed = year.officer().list_negotiation_rounds(list).await.unwrap().into_inner();
    assert_eq!(listed.negotiation_rounds, [held.negotiation_round.unwrap()]);
}

#[tokio::test]
async fn an_adjustment_draws_on_the_reserve_or_returns_to_it() {
    let year = Year::with_quotas().await;
    let decision = year.decided(KEY, "adjustment").await;
    let raised = requests::adjust_quota(KEY, HOSPITAL, 2_000, &decision);
    let raised = year.officer().adjust_quota(raised).await.unwrap().into_inner();
    assert_eq!(raised.quota_adjustment.unwrap().adjusted_quota_fen, 55_250);
    let cut = requests::adjust_quota(KEY, PRIMARY, -500, &decision);
    let cut = year.officer().adjust_quota(cut).await.unwrap().into_inner();
    assert_eq!(cut.reserve.unwrap().drawn_fen, 1_500);
    assert_eq!(year.balance(&KEY.account("transit/budget/settlement")).await, 72_500);
    assert_eq!(year.balance(&KEY.account("reserve")).await, 7_500);

    let parent = KEY.name("decompositions");
    let list = pb::ListQuotaAdjustmentsRequest { parent, ..Default::default() };
    let listed = year.institution(PRIMARY).list_quota_adjustments(list).await.unwrap().into_inner();
    let codes: Vec<&str> = listed.quota_adjustments.iter().map(|one| one.institution_code.as_str()).collect();
    assert_eq!(codes, [PRIMARY], "an institution sees its own");
}

#[tokio::test]
async fn execution_is_held_against_the_calendar_and_warns() {
    let year = Year::with_quotas().await;
    year.settlement.emit(AREA, &settled(KEY, HOSPITAL, 1, 30_000)).await;
    year.settlement.emit(AREA, &settled(KEY, PRIMARY, 1, 1_000)).await;
    year.settlement.emit(AREA, &paid(HOSPITAL, 4_260)).await;
    let of_next_year = PaymentCompleted { fund_year: 2018, ..paid(HOSPITAL, 1) };
    year.settlement.emit(AREA, &of_next_year).await;
    year.budget.0.until_caught_up_with(year.settlement.service()).await;

    let request = pb::GetExecutionRequest { name: KEY.name("executions") };
    let found = year.officer().get_execution(request).await.unwrap().into_inner().execution.unwrap();
    assert_eq!((found.payable_fen, found.paid_fen, found.target_fen), (31_000, 4_260, 71_000));
    assert_eq!((found.time_rate.as_str(), found.spent_rate.as_str()), ("0.0833", "0.4366"));
    let warned: Vec<&str> = found.warnings.iter().map(|warning| warning.institution_code.as_str()).collect();
    assert_eq!(warned, ["", HOSPITAL]);
}

#[tokio::test]
async fn a_year_ends_with_clearing_primary_care_final_account_and_disclosure() {
    let year = Year::with_quotas().await;
    year.budget.given_date(2018, 1, 20).await;
    let open = requests::open_clearing(KEY);
    let opened = year.officer().open_clearing(open).await.unwrap().into_inner();
    assert_eq!(opened.reserve.unwrap().released_fen, 7_200);

    year.settlement.emit(AREA, &approved(KEY)).await;
    year.budget.0.until_caught_up_with(year.settlement.service()).await;
    assert_eq!(year.balance(&KEY.account("transit/budget/settlement")).await, 0);

    let decision = year.decided(KEY, "primary_care_allotment").await;
    let allot = requests::allot_primary_care(KEY, &[(KEY.district, 5)], &decision);
    let allotted = year.officer().allot_primary_care(allot).await.unwrap().into_inner();
    assert_eq!(allotted.primary_care_allotment.unwrap().allotted_fen, 1_800);
    let after = year.reserve(KEY).await;
    assert_eq!((after.overspend_fen, after.primary_care_fen, after.left_fen), (1_000, 1_800, 6_200));
    assert_eq!(year.balance(&KEY.account("reserve")).await, 6_200);
    assert_eq!(year.explained(KEY.name("reserves")).await.root.unwrap().value, "6200");

    let close = requests::close_accounts(KEY, &year.decided(KEY, "final_accounts").await);
    let closed = year.checker().close_accounts(close).await.unwrap().into_inner().final_account.unwrap();
    assert_eq!((closed.settled_fen, closed.expenditure_fen, closed.surplus_fen), (70_000, 83_300, 17_700));
    let publish = requests::publish(KEY.name("finalAccounts"));
    year.officer().publish_disclosure(publish).await.unwrap();
    let list = pb::ListDisclosuresRequest { parent: YEAR.to_owned(), ..Default::default() };
    let listed = year.client(Role::Public).list_disclosures(list).await.unwrap().into_inner().disclosures;
    assert_eq!(listed[0].lines.last().unwrap().amount_fen, 17_700);
}

#[tokio::test]
async fn a_clearing_comes_back_once_however_often_it_is_told() {
    let year = Year::with_quotas().await;
    year.budget.given_date(2018, 1, 20).await;
    year.clear(KEY).await;
    let before = year.reserve(KEY).await;

    let mut conn = year.budget.0.database().raw_admin().await;
    conn.batch_execute("UPDATE feed_cursors SET position = 0").await.unwrap();
    year.budget.0.until_caught_up_with(year.settlement.service()).await;
    assert_eq!(year.reserve(KEY).await, before);
}

#[tokio::test]
async fn a_returned_budget_is_proposed_again() {
    let year = Year::open().await;
    let propose = || requests::propose_budget(KEY);
    let proposed = year.officer().propose_budget(propose()).await.unwrap().into_inner().budget.unwrap();
    let review = pb::ReviewBudgetRequest {
        in_order: false,
        note: "参保人数有误".to_owned(),
        ..requests::review_budget(KEY, &proposed.etag)
    };
    let returned = year.client(Role::FinanceReviewer).review_budget(review).await.unwrap().into_inner();
    assert_eq!(returned.budget.unwrap().state(), pb::budget::State::Returned);
    let again = year.officer().propose_budget(propose()).await.unwrap().into_inner().budget.unwrap();
    assert_eq!(again.state(), pb::budget::State::Proposed);
    let get = pb::GetBudgetRequest { name: KEY.name("budgets") };
    assert_eq!(year.client(Role::Auditor).get_budget(get).await.unwrap().into_inner().budget, Some(again));
}

#[tokio::test]
async fn what_is_recorded_after_a_proposal_outdates_it() {
    let year = Year::with_target().await;
    year.record_histories(KEY).await;
    let propose = || requests::propose_decomposition(KEY);
    let (mut officer, mut city) = (year.officer(), year.client(Role::CityAgency));
    officer.propose_decomposition(propose()).await.unwrap();
    city.balance_decomposition(requests::balance_decomposition(KEY, "\"1\"")).await.unwrap();
    officer.record_history(requests::record_history(KEY, PRIMARY)).await.unwrap();
    assert_eq!(year.decomposition(KEY).await.state(), pb::decomposition::State::Outdated);

    let decision = year.decided(KEY, "decomposition").await;
    for (etag, code, reason) in
        [("\"2\"", Code::Aborted, "ETAG_MISMATCH"), ("\"3\"", Code::FailedPrecondition, "WRONG_STATE")]
    {
        let decide = requests::decide_decomposition(KEY, &decision, etag);
        expect_refusal(city.decide_decomposition(decide).await, code, reason);
    }
    let again = officer.propose_decomposition(propose()).await.unwrap().into_inner().decomposition.unwrap();
    assert_eq!((again.state(), again.etag.as_str()), (pb::decomposition::State::Proposed, "\"4\""));
}
